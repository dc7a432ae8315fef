"""FBA reimbursement auditor: finds, proves, values and dates what Amazon owes a seller."""

__version__ = "0.1.0"
