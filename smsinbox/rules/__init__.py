"""What answers by itself, as a pure function: text, facts and rules in, a decision out.

    definition   what an admin writes: match, conditions, reply; actions are in `actions`
    calendar     opening hours in a time zone; `Hours` is one made ready
    rulebook     the rules of a number, compiled in their order
    facts        all a decision may depend on: contact, conversation, number, the instant
    decide       `decide(text, facts, rules) -> Decision`, and `after(…) -> Facts` for the next text
    decision     for every rule an outcome, a reason and its checks; JSON both ways
    records      a decision as it is kept: what most rules say of most texts, once for all of them
    sentence, overlaps    a rule read aloud, and rules that are in each other's way
    file, examples        rules as a file holds them, and the tests that admins write there

Below them: `matching` (whole words, never parts), `patterns` (re2), `conditions`, `fields` and
`values` (merge fields), `loops` (two machines), `moments`, `reading` (strict, with sentences).

    book = Rulebook([Rule(7, "Hours", definition({"match": {"terms": ["hours"]}, "reply": "9–5"}))])
    decide(Text("HOURS!!"), Facts(at=clock.now()), book).reply.text  # "9–5"
"""
