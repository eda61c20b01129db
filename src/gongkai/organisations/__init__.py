"""Bodies (机构), people (用户) and who may act where (成员与角色)."""
