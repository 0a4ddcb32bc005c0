"""Key figures of the pipeline by exact definitions: in total, by level of the hierarchy, rep, segment and period."""
