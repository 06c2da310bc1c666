"""Small statements of our own writing, one for each format."""

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
 <BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-05-12T20:00:00</CreDtTm></GrpHdr>
  <Stmt><Id>S-12</Id><ElctrncSeqNb>12</ElctrncSeqNb><CreDtTm>2026-05-12T20:00:00</CreDtTm>
   <Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id><Ccy>GBP</Ccy><Ownr><Nm>Brightwater Software Ltd</Nm></Ownr></Acct>
   <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <Dt><Dt>2026-05-11</Dt></Dt></Bal>
   <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">1225.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <Dt><Dt>2026-05-12</Dt></Dt></Bal>
   {entries}
  </Stmt></BkToCstmrStmt></Document>"""

ENTRY = """<Ntry><Amt Ccy="GBP">250.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
 <BookgDt><Dt>2026-05-12</Dt></BookgDt><ValDt><Dt>2026-05-12</Dt></ValDt><AcctSvcrRef>BR-1</AcctSvcrRef>
 <NtryDtls>
  <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="GBP">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
   <RltdPties><Dbtr><Pty><Nm>Acme Ltd</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>GB94BARC10201530093459</IBAN></Id></DbtrAcct>
    <UltmtDbtr><Pty><Nm>Acme Holdings</Nm></Pty></UltmtDbtr></RltdPties>
   <RmtInf><Ustrd>INV-1001 and the rest</Ustrd>
    <Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>INV-1001</Nb><RltdDt>2026-04-30</RltdDt></RfrdDocInf>
     <RfrdDocAmt><DuePyblAmt Ccy="GBP">105.00</DuePyblAmt><RmtdAmt Ccy="GBP">100.00</RmtdAmt></RfrdDocAmt>
     <CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
  <TxDtls><Refs><EndToEndId>E2E-2</EndToEndId></Refs><Amt Ccy="GBP">150.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
   <RltdPties><Dbtr><Pty><Nm>Bolt plc</Nm></Pty></Dbtr></RltdPties></TxDtls>
 </NtryDtls><AddtlNtryInf>Bulk credit</AddtlNtryInf></Ntry>
 <Ntry><Amt Ccy="GBP">25.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
 <BookgDt><Dt>2026-05-12</Dt></BookgDt><ValDt><Dt>2026-05-12</Dt></ValDt>
 <Chrgs><Rcrd><Amt Ccy="GBP">0.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>
 <AddtlNtryInf>Account fee</AddtlNtryInf></Ntry>"""

MT940 = """:20:ST260512
:25:GB33BUKB20201555555555
:28C:12/1
:60F:C260511GBP1000,00
:61:2605120512CP100,00NTRFNONREF//BR-1
:86:Acme Ltd INV-1001
:61:2605120512CP150,NTRFINV-1002//BR-2
:86:166?00CREDIT?20EREF+E2E-2?21SVWZ+INV-1002?32Bolt plc
:61:260512DP25,00NMSCNONREF
:86:Account fee
:62F:C260512GBP1225,00
-
"""

CSV = """Date,Description,Payee,Amount,Balance
12/05/2026,INV-1001,Acme Ltd,100.00,"1,100.00"
12/05/2026,INV-1002,Bolt plc,150.00,"1,250.00"
13/05/2026,Account fee,,-25.00,"1,225.00"
"""


def camt(entries: str = ENTRY) -> bytes:
    return CAMT.format(entries=entries).encode()


OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>GBP<BANKACCTFROM><BANKID>200000<ACCTID>55555555</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260501<DTEND>20260531
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260512120000[-5:EST]<TRNAMT>100.00<FITID>F1<NAME>Acme &amp; Co<MEMO>INV-1</STMTTRN>
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20260513<TRNAMT>-25,00<FITID>F2<CHECKNUM>4711</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1075.00<DTASOF>20260531</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""

QIF = """!Type:Bank
D5/31'26
T1,000.00
PAcme Ltd
MINV-1001
^
D5/31'26
T-2.50
N4711
^
"""

BAI2 = """01,BANK,US,260512,0800,1,80,,2/
02,US,021000021,1,260511,2400,USD,2/
03,123456789,,010,0,,,015,42345,,/
16,115,30000,Z,LBX77,,LOCKBOX 77/
16,116,10000,Z,,4711,REMITTER: ACME LTD  INV-1001/
16,116,20000,D,2,0,10000,1,10000,,4712,INV-1002/
16,142,12345,V,260512,0900,B1,C1,ACH CREDIT
88,EREF: E2E-7
88,DBNM: Acme Ltd
49,157035,9/
98,157035,1,11/
99,157035,1,13/
"""

STRIPE = """automatic_payout_id,balance_transaction_id,created,available_on,currency,gross,fee,net,reporting_category
po_1,txn_1,2026-05-11 09:00,2026-05-13,gbp,120.00,1.88,118.12,charge
po_1,txn_2,2026-05-12 09:00,2026-05-13,gbp,-20.00,0.00,-20.00,refund
"""
