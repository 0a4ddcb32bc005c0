"""Run folders: written beside their place, renamed when complete, digested file by file."""
