"""Papers of tables, read and examined: ledgers, payslips, records of time and leave."""
