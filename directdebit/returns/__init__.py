"""Returns read without a database: what a bank or a scheme tells about direct debits, and what follows from it.

`read_report` is the way in. `bacs`, `pain002`, `camt054`, `nacha` and `table` read their formats into `advice`;
`reasons` says what a code means, `representing` when the money may be asked for again.
"""

from directdebit.returns.advice import Advice, CodeList, Kind, NewDetails, Report, ReportRefused
from directdebit.returns.recognise import read_report

__all__ = ["Advice", "CodeList", "Kind", "NewDetails", "Report", "ReportRefused", "read_report"]
