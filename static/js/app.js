// Everything here only quickens what links and forms already do.
document.documentElement.dataset.js = "";
