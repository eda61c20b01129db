"""What portal and office share: templating, the pager, middleware, error pages."""
