"""Claims: what a person pastes into Amazon's form, and which findings are fit for it."""
