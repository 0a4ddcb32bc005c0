"""The shapes of chart the report is drawn with; bokeh models without data of their own meaning."""
