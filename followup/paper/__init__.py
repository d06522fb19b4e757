"""What is printed: charts, tables and PDF files. The only room that knows WeasyPrint."""
