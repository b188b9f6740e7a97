"""The letters of footage: 调取通知书, 清单, 保全通知, 不予提供通知. Pure."""
