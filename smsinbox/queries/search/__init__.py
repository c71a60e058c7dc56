"""Search: texts, notes and contacts by words, numbers and operators, newest first.

Never by rank: over a common word that would read every text that has it. What is found is in the
order of the tables, so the first page costs the same however many there are.

    finding.py      the question itself, and pages of what is found
    reading.py      what was typed becomes an `Asked`; nothing is ever an error
    words.py        what a word is, and how matches are marked
    conditions.py   what the operators mean
    sqlite.py, postgres.py   where the words are looked up
"""
