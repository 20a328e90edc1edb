"""One sheet of texts as an XLSX file, the same bytes for the same rows: stored, dated 1980, every cell a text and never a formula."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LONGEST = 32767
"""Characters that a cell holds, by Excel's specification."""
ILLEGIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, and the carriage return, which it would read as a new line."""


def workbook(name: str, rows: Iterable[Sequence[str]], widths: Sequence[int]) -> bytes:
    """A file with one sheet, whose first row stays in sight. `widths` are those of the columns, in characters."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxml'
        f'formats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET}"><fonts count="2"><font/><font><b/></font></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf applyAlignment="1">'
        '<alignment vertical="top" wrapText="1"/></xf><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": "".join(_sheet(rows, widths)),
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for part, text in parts.items():
            member = zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o100644 << 16
            archive.writestr(member, (HEAD + text).encode())
    return file.getvalue()


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _sheet(rows: Iterable[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
    )
    yield f'<worksheet xmlns="{SHEET}"><sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    yield f"<cols>{columns}</cols><sheetData>"
    for number, row in enumerate(rows, 1):
        style = 1 if number == 1 else 0
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(_legible(text))}</t></is></c>'
            for at, text in enumerate(row)
            if text
        )
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData></worksheet>"


def _legible(text: str) -> str:
    """What XML 1.0 can hold, as long as a cell may be."""
    return ILLEGIBLE.sub("", text)[:LONGEST]
