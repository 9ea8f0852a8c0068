"""Every letter of accounts: what its templates are told. The secrets in them are made here, when it is sent."""
