"""What may reach a model, for whom, at what cost: personal data, grades, budgets, the audit log, the only way out."""
