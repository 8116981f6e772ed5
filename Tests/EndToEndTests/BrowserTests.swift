import ParallaxTestSupport
import Testing

/// The pages of the built program in a browser, each of their functions as a person uses it.
@Suite(.fewAtOnce) struct BrowserTests {
  // MARK: - Searching

  @Test func `asks by words, by likes and by filters`() async throws {
    try await Visit.make { visit in
      let browser = visit.browser
      try await visit.open("/")
      #expect(try await browser.count(of: ".card") == 48)
      try await visit.check()
      try await browser.value(of: "scrollTo(0, document.body.scrollHeight)")
      try await browser.wait(until: "document.querySelectorAll('.card').length === 62")

      try await browser.press("/")
      try await browser.leave {
        try await browser.press("a", " ", "r", "e", "d", " ", "s", "h", "o", "e", .enter)
      }
      #expect(try await browser.value(of: "location.search") == "?text=a+red+shoe&space=c%40base")
      let words = try await visit.ids()
      #expect(words.first?.hasPrefix("shoe-") == true)
      #expect(words == (try await visit.idsAtThePrompt()))
      try await visit.check()

      try await browser.follow("More like this")
      #expect(try await browser.text(of: ".term").hasPrefix("like \(words[0])"))
      #expect(try await visit.ids() == (try await visit.idsAtThePrompt()))
      try await browser.follow("Less")
      #expect(try await browser.count(of: ".term.away") == 1)
      let both = try await visit.ids()
      #expect(both == (try await visit.idsAtThePrompt()))
      try await browser.follow("Remove")
      try await browser.follow("Remove")
      #expect(try await browser.count(of: ".term") == 0)
      #expect(try await visit.ids() == words)

      try await browser.click(".filters summary")
      try await visit.check()
      try await browser.type("2018", into: "[name='f.year.from']")
      try await browser.type("2020", into: "[name='f.year.to']")
      try await browser.type("blue", into: "[name='f.colour.is']")
      try await browser.type("price < 60", into: "#where")
      try await browser.go(".words button")
      #expect(try await browser.text(of: ".filters summary").hasPrefix("Filters ("))
      let filtered = try await visit.ids()
      #expect(filtered.count < words.count && !filtered.isEmpty)
      #expect(filtered == (try await visit.idsAtThePrompt()))
      try await browser.type(" and", into: "#where")
      try await browser.go(".words button")
      let problem = try await browser.text(of: "#results [role=alert]")
      #expect(problem.contains("expected a field or a value"))
      // The browser notes a page of 400, which is right.
      #expect(try await browser.problems().allSatisfy { $0.contains("400") })
      try await visit.check()
    }
  }

  @Test func `takes a picture that is chosen, dropped or pasted`() async throws {
    try await Visit.make { visit in
      let browser = visit.browser
      let isAsked = "location.search.includes('upload=') && document.querySelector('.command')"
      let picture =
        "fetch('/v1/items/c/mug-001/original').then((reply) => reply.blob())"
        + ".then((bytes) => { const data = new DataTransfer();"
        + "data.items.add(new File([bytes], 'a.jpg', {type: 'image/jpeg'})); return data; })"
      try await visit.open("/")
      try await browser.type(visit.shell.folder + "/in/mug-001.jpg", into: "#file")
      try await browser.wait(until: isAsked)
      #expect(try await visit.ids().first == "mug-001")
      try await visit.check()
      for event in [
        "new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})",
        "new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})",
      ] {
        try await visit.open("/")
        try await browser.type("blue", into: "#text")
        try await browser.value(
          of: "\(picture).then((data) => document.body.dispatchEvent(\(event)))")
        try await browser.wait(until: isAsked)
        #expect(try await visit.ids().first?.hasPrefix("mug-") == true)
        // With what was typed.
        #expect(try await browser.value(of: "document.querySelector('#text').value") == "blue")
      }
      try await browser.follow("Remove")
      #expect(try await visit.ids() == (try await visit.idsAtThePrompt()))

      try TestFiles.write("no picture", to: visit.shell.folder + "/no.jpg")
      try await browser.type(visit.shell.folder + "/no.jpg", into: "#file")
      try await browser.wait(until: "!document.querySelector('#upload-problem').hidden")
      let problem = try await browser.text(of: "#upload-problem")
      #expect(problem.hasPrefix("cannot decode the picture"))
    }
  }

  @Test func `shows an item, and two spaces side by side`() async throws {
    try await Visit.make { visit in
      let browser = visit.browser
      try await visit.open("/?text=a+blue+mug")
      let first = try await visit.ids()[0]
      try await browser.go(".card a")
      #expect(try await browser.value(of: "location.pathname") == "/item/c/\(first)")
      let shown = try await browser.text(of: "main")
      for text in [
        "Why it is number 1", first, "colour", "SHA-256", "Near to it in c@base",
      ] {
        #expect(shown.contains(text), "\(text) in \(shown)")
      }
      #expect(try await visit.ids() == (try await visit.idsAtThePrompt()))
      try await visit.check()
      try await browser.follow("Back to the results")
      #expect(try await visit.ids().first == first)

      try await browser.type("c@short", into: "#with")
      try await browser.go(".words button")
      try await browser.wait(until: "document.querySelectorAll('.column').length === 2")
      let lists = try await browser.value(
        of: "[...document.querySelectorAll('.column h2')].map((one) => one.innerText)")
      #expect(lists == "c@base,c@short")
      #expect(try await browser.text(of: "[role=status]").contains("are in both lists"))
      let moved = try await browser.count(of: ".up, .down, .only")
      #expect(moved > 0)
      #expect(try await visit.ids() == (try await visit.idsAtThePrompt()))
      try await visit.check()
    }
  }
}
