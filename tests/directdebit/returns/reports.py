"""Reports as Bacs writes them, in our own words: the shapes are public, the payers are not real."""


def addacs(*advices: str) -> bytes:
    """Cancellations and amendments of instructions."""
    return _messages(*advices)


def auddis(*advices: str) -> bytes:
    """Instructions that a bank did not take, after the totals of the file that lodged them."""
    totals = '<MessagingAdvice user-number="123456" record-type="V" vol-serial-number="000001" accepted-ddi="2"/>'
    return _messages(totals, *advices)


def message(record: str, reason: str, reference: str, **more: str) -> str:
    """One advice: record A is ADDACS, N is AUDDIS."""
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return (
        f'<MessagingAdvice user-number="123456" record-type="{record}" effective-date="2026-05-12" '
        f'reference="{reference}" payer-name="CASTLE FIBRE" payer-account-number="12345678" '
        f'payer-sort-code="01-02-03" reason-code="{reason}"{extra}/>'
    )


def ddica(*claims: str, cancelled: str = "") -> bytes:
    """Indemnity claims under the guarantee, to be debited on 3 June."""
    ended = f"<Cancellations>{cancelled}</Cancellations>" if cancelled else ""
    return (
        "<VocaDocument><Data><Document><ReportType>DDICA</ReportType><ServiceUserNumber>123456</ServiceUserNumber>"
        f"<NewAdvices>{''.join(claims)}<DateOfDebit>2026-06-03</DateOfDebit></NewAdvices>{ended}"
        "</Document></Data></VocaDocument>"
    ).encode()


def claim(reason: str, reference: str, *debits: tuple[str, str], tag: str = "DDICAdvice") -> str:
    """A claim that names some collections by day and amount."""
    collections = "".join(
        f"<DDCollection><DateOfDirectDebit>{day}</DateOfDirectDebit><Amount>{amount}</Amount></DDCollection>"
        for day, amount in debits
    )
    return (
        f"<{tag}><SeqNo>1</SeqNo><PayingBankReference>CLM-77</PayingBankReference><SUReference>{reference}</SUReference>"
        f"<ReasonCode>{reason}</ReasonCode><PayerName>CASTLE FIBRE</PayerName><PayerAccount>12345678</PayerAccount>"
        f"<TotalAmount>1</TotalAmount><DDCollections>{collections}</DDCollections></{tag}>"
    )


def arudd(
    *items: tuple[str, str, str], day: str = "2026-05-15", collected: str = "2026-05-12", total: str = ""
) -> bytes:
    """Unpaid debits as (reference, amount, code)."""
    rows = "".join(
        f'<ReturnedDebitItem ref="{reference}" transCode="17" returnCode="{code}" returnDescription="AS TOLD" '
        f'originalProcessingDate="{collected}" valueOf="{amount}" currency="GBP">'
        f'<PayerAccount number="12345678" ref="{reference}" name="CASTLE FIBRE" sortCode="01-02-03"/>'
        "</ReturnedDebitItem>"
        for reference, amount, code in items
    )
    pence = sum(round(float(amount) * 100) for _, amount, _ in items)
    value = total or f"{pence / 100:.2f}"
    return (
        f'<BACSDocument><Data><ARUDD><Header adviceNumber="001" currentProcessingDate="{day}"/>'
        '<ServiceLicenseInformation userName="BRIGHTWATER" userNumber="123456"/><Advice><OriginatingAccountRecords>'
        f'<OriginatingAccountRecord>{rows}<Totals numberOf="{len(items)}" valueOf="{value}" currency="GBP"/>'
        "</OriginatingAccountRecord></OriginatingAccountRecords></Advice></ARUDD></Data></BACSDocument>"
    ).encode()


def _messages(*advices: str) -> bytes:
    return (
        '<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number="123456" advice-number="7"/>'
        '<Header report-generation-date="2026-05-13"/>'
        f"{''.join(advices)}</MessagingAdvices></Data></BACSDocument>"
    ).encode()
