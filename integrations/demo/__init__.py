"""The demo company: believable books relative to today, made through the product's own actions."""
