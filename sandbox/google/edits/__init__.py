"""The requests of spreadsheets.batchUpdate that the twin knows; any other is answered 501."""

from __future__ import annotations

from sandbox.google.edits import contents, dimensions, extras, tabs
from sandbox.google.edits.base import Edit, Handler, Refused

REQUESTS: dict[str, Handler] = {
    "addSheet": tabs.add_sheet,
    "deleteSheet": tabs.delete_sheet,
    "duplicateSheet": tabs.duplicate_sheet,
    "updateSheetProperties": tabs.update_sheet_properties,
    "updateSpreadsheetProperties": tabs.update_spreadsheet_properties,
    "addNamedRange": tabs.add_named_range,
    "updateCells": contents.update_cells,
    "repeatCell": contents.repeat_cell,
    "appendCells": contents.append_cells,
    "copyPaste": contents.copy_paste,
    "mergeCells": contents.merge_cells,
    "unmergeCells": contents.unmerge_cells,
    "sortRange": contents.sort_range,
    "insertDimension": dimensions.insert_dimension,
    "appendDimension": dimensions.append_dimension,
    "deleteDimension": dimensions.delete_dimension,
    "updateDimensionProperties": dimensions.update_dimension_properties,
    "autoResizeDimensions": dimensions.auto_resize_dimensions,
    "setBasicFilter": extras.set_basic_filter,
    "clearBasicFilter": extras.clear_basic_filter,
    "addProtectedRange": extras.add_protected_range,
    "updateProtectedRange": extras.update_protected_range,
    "deleteProtectedRange": extras.delete_protected_range,
    "addConditionalFormatRule": extras.add_conditional_format_rule,
    "deleteConditionalFormatRule": extras.delete_conditional_format_rule,
    "updateBorders": extras.update_borders,
    "setDataValidation": extras.set_data_validation,
    "addBanding": extras.add_banding,
    "addChart": extras.add_chart,
}

__all__ = ["REQUESTS", "Edit", "Refused"]
