"""Every write to do with taking one's data and leaving, one module a subject."""
