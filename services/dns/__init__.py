"""The DNS zone of a domain: its records, their forms and rules, and how they get to the name servers."""
