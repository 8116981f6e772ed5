/// How a page looks: on a phone and on a desk, in light and in dark, on paper.
///
/// Every colour of words stands against its ground with a contrast of at least 4.5 to 1.
enum ReportStyle {
  static let sheet = colors + page + questions + tables + paper

  private static let colors = """
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --raised: #f6f8fa; --line: #d0d7de;
      --ink: #1f2328; --soft: #57606a; --link: #0550ae;
      --up: #116329; --down: #a40e26; --mark: #6639ba;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #0d1117; --raised: #161b22; --line: #30363d;
        --ink: #e6edf3; --soft: #9da7b3; --link: #79c0ff;
        --up: #56d364; --down: #ff9a92; --mark: #d2a8ff;
      }
    }

    """

  private static let page = """
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 1rem clamp(0.75rem, 3vw, 2.5rem) 3rem; max-width: 90rem;
      background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere;
    }
    h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0 0; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 0.75rem; }
    h3, h4 { font-size: 1.05rem; line-height: 1.35; margin: 0 0 0.5rem; }
    p { margin: 0 0 0.5rem; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    .skip { position: absolute; left: -100vw; }
    .skip:focus { position: static; }
    .soft { color: var(--soft); }
    nav ol { margin: 0 0 0.5rem; padding-left: 1.5rem; }
    section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1.25rem; }
    footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; }
    .conclusion { max-width: 50rem; }
    h2 + .conclusion { font-size: 1.1rem; font-weight: 600; }
    summary { cursor: pointer; color: var(--link); padding: 0.25rem 0; }
    .facts { margin: 0.25rem 0 0; }
    .facts div { display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
    .facts dt { color: var(--soft); }
    .facts dd { margin: 0; min-width: 0; }
    .provenance { margin-top: 0.75rem; }
    .provenance .facts dt { min-width: 7rem; }
    .provenance .facts dd { flex: 1 1 14rem; }

    """

  private static let questions = """
    figure { margin: 0; }
    .question { display: grid; gap: 1rem; margin-bottom: 2rem; }
    .asked { border-left: 4px solid var(--link); padding-left: 0.75rem; align-self: start; }
    .asked .soft { margin: 0; font-size: 0.875rem; }
    .list .asked { margin-bottom: 0.75rem; }
    .asked-text { font-size: 1.1rem; font-weight: 600; }
    .asked img { max-width: 10rem; }
    .asked figure { margin-top: 0.5rem; }
    .lists { display: grid; gap: 1.5rem; align-items: start; min-width: 0; }
    .pair { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.6rem; }
    .pair .hits { grid-template-columns: repeat(auto-fill, minmax(min(9rem, 100%), 1fr)); }
    .hits {
      list-style: none; margin: 0; padding: 0; display: grid; gap: 0.6rem; align-items: start;
      grid-template-columns: repeat(auto-fill, minmax(min(9rem, 45%), 1fr));
    }
    .hits li { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; min-width: 0; }
    .hits figcaption { padding: 0.4rem 0.6rem 0.5rem; font-size: 0.875rem; line-height: 1.4; }
    .hits figcaption p { margin: 0 0 0.15rem; }
    img { display: block; width: 100%; height: auto; border-radius: 5px; }
    .hits img, .hits .gone { aspect-ratio: 4 / 3; object-fit: contain; border-radius: 5px 5px 0 0; }
    .gone {
      display: flex; flex-wrap: wrap; align-content: center; margin: 0; padding: 0.5rem;
      overflow: auto; font-size: 0.8rem; color: var(--soft); border: 1px dashed var(--soft);
    }
    .rank { font-weight: 700; display: flex; flex-wrap: wrap; gap: 0.1rem 0.6rem; }
    .rank span { font-weight: 600; }
    .id { color: var(--soft); font-size: 0.8rem; }
    .up { color: var(--up); }
    .down { color: var(--down); }
    .same { color: var(--soft); }
    .relevant { color: var(--mark); }
    @media (min-width: 60rem) {
      .question { grid-template-columns: 15rem minmax(0, 1fr); gap: 1.5rem; }
      .pair { gap: 1.5rem; }
      .several { grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
    }

    """

  private static let tables = """
    .wide { overflow-x: auto; margin: 0 0 1rem; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
    caption { text-align: left; color: var(--soft); padding-bottom: 0.35rem; }
    th, td {
      border-bottom: 1px solid var(--line); padding: 0.35rem 0.6rem; text-align: left;
      vertical-align: top; overflow-wrap: normal;
    }
    thead th { border-bottom: 2px solid var(--soft); vertical-align: bottom; }
    tbody th { font-weight: 600; }
    td, tbody th { min-width: 5rem; max-width: min(30rem, 75vw); }
    .long { min-width: 16rem; overflow-wrap: anywhere; }
    .number, th[data-kind="number"] { text-align: right; white-space: nowrap; }
    tbody tr:nth-child(even) { background: var(--raised); }
    th button {
      font: inherit; color: inherit; background: none; border: 0; padding: 0.15rem 0; cursor: pointer;
      text-align: inherit;
    }
    th button::after { content: " ↕"; color: var(--soft); }
    th[aria-sort="ascending"] button::after { content: " ↑"; color: inherit; }
    th[aria-sort="descending"] button::after { content: " ↓"; color: inherit; }
    .drawing { overflow-x: auto; margin-bottom: 1rem; }
    .drawing svg { display: block; width: 100%; min-width: 36rem; max-width: 50rem; height: auto; }

    """

  private static let paper = """
    @media print {
      :root {
        --paper: #ffffff; --raised: #ffffff; --line: #b0b7be; --ink: #000000; --soft: #444444;
        --link: #000000; --up: #0b4f1e; --down: #82071e; --mark: #512a97; color-scheme: light;
      }
      body { padding: 0; max-width: none; font-size: 9.5pt; }
      nav, .skip { display: none; }
      h2, h3, h4, caption { break-after: avoid; }
      .hits li, .asked, tr, .drawing, .facts div { break-inside: avoid; }
      .question { grid-template-columns: 1fr; }
      .hits { grid-template-columns: repeat(5, 1fr); }
      .several { grid-template-columns: 1fr 1fr; }
      .several .hits, .pair .hits { grid-template-columns: repeat(3, 1fr); }
      thead { display: table-header-group; }
      .wide, .drawing, .gone { overflow: visible; }
      .drawing svg { min-width: 0; }
      table { font-size: 7.5pt; width: 100%; max-width: 100%; }
      th, td { padding: 0.15rem 0.3rem; min-width: 0; overflow-wrap: anywhere; }
      th[data-kind="text"] { min-width: 6.5em; }
      .number { overflow-wrap: normal; }
      th button::after { content: none; }
    }
    """
}
