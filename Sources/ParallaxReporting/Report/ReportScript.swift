/// What a page does beyond standing there: its tables sort.
///
/// It is the same text for every report, so that no value can become a part of it.
enum ReportScript {
  static let text = """
    "use strict";
    // A heading becomes a button that sorts by its column. Rows without a value stay last.
    for (const table of document.querySelectorAll("table[data-sorts]")) {
      const body = table.tBodies[0];
      const heads = Array.from(table.tHead.rows[0].cells);
      heads.forEach((head, column) => {
        const isNumber = head.dataset.kind === "number";
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        head.append(button);
        const key = (row) => {
          const cell = row.cells[column];
          return cell.dataset.key ?? cell.textContent;
        };
        button.addEventListener("click", () => {
          const isUp = head.getAttribute("aria-sort") !== "ascending";
          const rows = Array.from(body.rows, (row) => ({ row, key: key(row) }));
          rows.sort((a, b) => {
            if (a.key === "" || b.key === "") return (a.key === "") - (b.key === "");
            const order = isNumber
              ? number(a.key) - number(b.key)
              : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
            return isUp ? order : -order;
          });
          body.append(...rows.map((each) => each.row));
          for (const other of heads) other.removeAttribute("aria-sort");
          head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
        });
      });
    }
    function number(text) {
      const words = { inf: Infinity, "-inf": -Infinity };
      return words[text] ?? (Number(text) || 0);
    }
    // Paper has no buttons: what is folded is printed unfolded.
    const folded = () => document.querySelectorAll("details:not([open])");
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = Array.from(folded());
      for (const each of opened) each.open = true;
    });
    addEventListener("afterprint", () => {
      for (const each of opened) each.open = false;
    });
    """
}
