import CommandLanguage
import ParallaxCore
import Testing

@Suite struct SourceTextTests {
  @Test(arguments: [
    (-1, 5), (0, 5), (2, 5), (3, 6), (4, 6), (5, 7), (9, 7), (10, 8), (100, 8),
  ])
  func `a line is counted from the first one`(offset: Int, line: Int) {
    #expect(SourceText("ab\n\r\ncdef\n", name: "s", firstLine: 5).line(at: offset) == line)
    #expect(SourceText("", name: "s").line(at: offset) == 1)
  }

  @Test func `a place is a line and the part of it`() {
    let source = SourceText("ab\ncd ef\r\n\ngh", name: "s", firstLine: 1)
    let word = source.location(of: 6..<8)
    #expect(word.text == "cd ef" && word.line == 2 && word.range == 3..<5)
    // Beyond the line there is nothing to mark.
    #expect(source.location(of: 6..<14).range == 3..<5)
    #expect(source.location(of: 10..<10).text == "")
    let last = source.location(of: 99..<120)
    #expect(last.text == "gh" && last.line == 4 && last.range == 2..<2)
  }
}
