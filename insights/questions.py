"""Which comments ask something, in the languages of the site."""

# A question mark at the end, but for closing marks; or words that ask in Chinese. For PostgreSQL, and Python as well.
ASKS = (
    r"""[?？]["'”’」』)）\]\s]*$"""
    r"|吗|哪里|哪儿|哪个|怎么|多少|几点|几号|什么时候|为什么|是什么|有没有|能不能|请问|求问"
    r"|呢[。.!！~～\s]*$"
)
