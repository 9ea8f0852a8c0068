"""The words and figures of the demo's catalogue."""

DOMAIN = {"zones": "null"}
HOSTING = {"asks_domain": True}

# Address, names, what the group is.
GROUPS = [
    (
        "hosting",
        ("Hosting", "Hosting"),
        (
            "Miejsce na strony, sklepy i pocztę. Certyfikat SSL i codzienna kopia zapasowa są w cenie.",
            "Room for websites, shops and mail. An SSL certificate and a daily backup are included.",
        ),
    ),
    (
        "vps",
        ("Serwery VPS", "VPS servers"),
        (
            "Własny system z pełnym dostępem, na dyskach NVMe, w dwóch serwerowniach w Polsce.",
            "A system of your own with full access, on NVMe disks, in two data centres in Poland.",
        ),
    ),
    (
        "domeny",
        ("Domeny", "Domains"),
        (
            "Rejestracja, przeniesienie i odnowienie. Serwery DNS z edytorem wpisów są w cenie.",
            "Registration, transfer and renewal. DNS servers with an editor of records are included.",
        ),
    ),
    (
        "voip",
        ("Telefonia VoIP", "VoIP phones"),
        (
            "Numer stacjonarny przez internet. Rozmowy są rozliczane co sekundę z salda.",
            "A landline number over the internet. Calls are charged to the balance by the second.",
        ),
    ),
    ("bezpieczenstwo", ("Bezpieczeństwo", "Security"), ("", "")),
]

# By group: code, kind, names, descriptions, {months: net or (net, set-up fee)}, further columns.
PRODUCTS = {
    "hosting": [
        (
            *("hosting-mini", "hosting", ("Hosting Mini", "Hosting Mini")),
            (
                "Strona wizytówka: 1 GB, jedna skrzynka, bez opłat i bez końca.\n\n"
                "Na większe strony można przejść w każdej chwili.",
                "A page to be found by: 1 GB, one mailbox, free of charge and without an end.\n\n"
                "You can move on to more at any time.",
            ),
            *({1: "0.00"}, HOSTING),
        ),
        (
            *("hosting-start", "hosting", ("Hosting Start", "Hosting Start")),
            (
                "Na jedną stronę firmy albo blog: 10 GB, 10 skrzynek.\n\n"
                "PHP do 8.4, bazy MariaDB, dostęp przez SFTP.\nKopia zapasowa z 14 ostatnich dni.",
                "For one company website or a blog: 10 GB, 10 mailboxes.\n\n"
                "PHP up to 8.4, MariaDB databases, access by SFTP.\nBackups of the last 14 days.",
            ),
            *({1: "14.90", 12: "149.00"}, HOSTING),
        ),
        (
            *("hosting-pro", "hosting", ("Hosting Pro", "Hosting Pro")),
            (
                "Na sklep i kilka stron: 50 GB, skrzynki bez ograniczeń, dostęp przez SSH.\n\n"
                "Dysk i czas przechowywania kopii wybierasz przy zamówieniu, a zmieniasz, kiedy chcesz.",
                "For a shop and several websites: 50 GB, any number of mailboxes, access by SSH.\n\n"
                "You choose the disk and for how long backups are kept, and change it whenever you like.",
            ),
            *({1: ("34.90", "20.00"), 12: "349.00", 24: "629.00"}, HOSTING),
        ),
    ],
    "vps": [
        (
            *("vps-1", "other", ("VPS 1", "VPS 1")),
            (
                "1 rdzeń, 2 GB pamięci, 40 GB NVMe.\n\nDo testów, małych aplikacji i własnego VPN.",
                "1 core, 2 GB of memory, 40 GB of NVMe.\n\nFor tests, small applications and a VPN of your own.",
            ),
            *({1: "25.00", 6: "138.00", 12: "255.00"}, {}),
        ),
        (
            *("vps-4", "other", ("VPS 4", "VPS 4")),
            (
                "4 rdzenie, 8 GB pamięci, 160 GB NVMe.\n\nDo sklepów i baz danych z dużym ruchem.",
                "4 cores, 8 GB of memory, 160 GB of NVMe.\n\nFor shops and databases with much traffic.",
            ),
            *({1: ("89.00", "49.00"), 6: ("498.00", "49.00"), 12: "899.00"}, {}),
        ),
        (
            *("vps-8", "other", ("VPS 8", "VPS 8")),
            (
                "8 rdzeni, 32 GB pamięci, 400 GB NVMe.\n\nOstatnie sztuki na tym sprzęcie.",
                "8 cores, 32 GB of memory, 400 GB of NVMe.\n\nThe last pieces on this hardware.",
            ),
            *({1: ("199.00", "99.00"), 12: "1990.00"}, {"stock": 3}),
        ),
        (
            *("vps-gpu", "other", ("VPS GPU", "VPS GPU")),
            (
                "8 rdzeni, 64 GB pamięci, karta graficzna z 24 GB.\n\nNastępna dostawa wiosną.",
                "8 cores, 64 GB of memory, a graphics card with 24 GB.\n\nThe next delivery comes in spring.",
            ),
            *({1: ("749.00", "199.00")}, {"stock": 0}),
        ),
    ],
    "domeny": [
        (
            *("domena-pl", "domain", ("Domena .pl", ".pl domain")),
            ("Najczęściej wybierana w Polsce.", "The one most chosen in Poland."),
            *({12: "69.00", 24: "135.00"}, DOMAIN | {"suffix": "pl"}),
        ),
        (
            *("domena-com", "domain", ("Domena .com", ".com domain")),
            ("Znana na całym świecie.", "Known all over the world."),
            *({12: "79.00", 24: "155.00"}, DOMAIN | {"suffix": "com"}),
        ),
        (
            *("domena-com-pl", "domain", ("Domena .com.pl", ".com.pl domain")),
            ("Dla polskich firm.", "For companies in Poland."),
            *({12: "49.00", 24: "95.00"}, DOMAIN | {"suffix": "com.pl"}),
        ),
        (
            *("domena-eu", "domain", ("Domena .eu", ".eu domain")),
            ("Dla mieszkańców i firm z Unii Europejskiej.", "For residents and companies of the European Union."),
            *({12: "39.00", 24: "76.00"}, DOMAIN | {"suffix": "eu"}),
        ),
    ],
    "voip": [
        (
            *("sip", "voip", ("Konto SIP", "SIP account")),
            (
                "Numer stacjonarny na telefonie, w komputerze i w centrali.\n\n"
                "Dwie rozmowy naraz, nagrywanie na życzenie.",
                "A landline number on a phone, in a computer and in a switchboard.\n\n"
                "Two calls at once, recording if you like.",
            ),
            *({1: "15.00", 12: "162.00"}, {}),
        ),
    ],
    "bezpieczenstwo": [
        (
            *("ssl", "other", ("Certyfikat SSL", "SSL certificate")),
            (
                "Certyfikat z danymi firmy, dla jednej domeny.\n\nWystawiamy go w 2 dni robocze.",
                "A certificate with the data of your company, for one domain.\n\nIt is issued within 2 working days.",
            ),
            *({12: "89.00", 24: "169.00"}, {"asks_domain": True}),
        ),
    ],
}

SYSTEM = (
    *("system", ("System", "System")),
    [
        ("debian-13", "Debian 13", "Debian 13", "0", "0"),
        ("ubuntu-2404", "Ubuntu 24.04 LTS", "Ubuntu 24.04 LTS", "0", "0"),
        ("alma-10", "AlmaLinux 10", "AlmaLinux 10", "0", "0"),
        ("windows-2025", "Windows Server 2025", "Windows Server 2025", "65.00", "0"),
    ],
)
BACKUP = (
    *("backup", ("Kopie zapasowe", "Backups")),
    [
        ("none", "Bez kopii", "No backups", "0", "0"),
        ("7", "Codziennie, z 7 dni", "Daily, of 7 days", "9.00", "0"),
        ("30", "Codziennie, z 30 dni", "Daily, of 30 days", "25.00", "0"),
    ],
)
ADDRESSES = (
    *("ipv4", ("Adresy IPv4", "IPv4 addresses")),
    [
        ("1", "1 adres", "1 address", "0", "0"),
        ("2", "2 adresy", "2 addresses", "12.00", "10.00"),
        ("4", "4 adresy", "4 addresses", "36.00", "10.00"),
    ],
)

# By product: (code, names, answers), each answer (code, in Polish, in English, net a month, net once).
OPTIONS = {
    "hosting-pro": [
        (
            *("disk", ("Dysk", "Disk")),
            [
                ("50", "50 GB", "50 GB", "0", "0"),
                ("100", "100 GB", "100 GB", "10.00", "0"),
                ("200", "200 GB", "200 GB", "25.00", "0"),
            ],
        ),
        (
            *("backup", ("Kopie zapasowe", "Backups")),
            [
                ("14", "Z 14 dni", "Of 14 days", "0", "0"),
                ("30", "Z 30 dni", "Of 30 days", "8.00", "0"),
            ],
        ),
    ],
    **{code: [SYSTEM, BACKUP, ADDRESSES] for code in ("vps-1", "vps-4", "vps-8", "vps-gpu")},
    "sip": [
        (
            *("area", ("Numer", "Number")),
            [
                ("58", "Trójmiasto (58)", "Gdańsk area (58)", "0", "0"),
                ("22", "Warszawa (22)", "Warsaw (22)", "0", "0"),
                ("12", "Kraków (12)", "Kraków (12)", "0", "0"),
                ("easy", "Łatwy do zapamiętania", "Easy to remember", "5.00", "49.00"),
            ],
        ),
    ],
}
