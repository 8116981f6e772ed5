import ParallaxCore
import Testing

/// Dates of tables are tested with the kinds of columns; here is what conditions need beside them.
@Suite struct CalendarDateTests {
  @Test(arguments: [
    ("2024-05-31", "2024-05-31"), ("2024-05-31 12:00", "2024-05-31T12:00:00"),
    ("2024-05-31T12:00:30+02:00", "2024-05-31T10:00:30Z"), ("2024-02-30", nil), ("2024-05", nil),
    ("2024-05-31T12:00:00.5", nil), (" 2024-05-31", nil), ("", nil),
  ])
  func `a date has one text`(source: String, text: String?) {
    #expect(CalendarDate(source)?.text == text)
  }

  @Test(arguments: [
    ("2024", true), ("0000", true), ("2024-01", true), ("2024-12", true), ("2024-00", false),
    ("2024-13", false), ("2024-1", false), ("2024-", false), ("202", false), ("20245", false),
    ("2024-05-", false), ("2024-05-31", false), ("٢٠٢٤", false), ("", false),
  ])
  func `a year or a month is told from a date`(text: String, isOne: Bool) {
    #expect(CalendarDate.isYearOrMonth(text) == isOne)
  }
}
