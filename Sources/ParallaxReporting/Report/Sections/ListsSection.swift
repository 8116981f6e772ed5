/// Questions, each beside its answers.
package struct ListsSection: ReportSection {
  package var title: String
  package var conclusion: [String]
  package var remarks: [String]
  package var sources: [ReportSource]
  package var questions: [ReportQuestion]

  package init(
    title: String, conclusion: [String] = [], remarks: [String] = [], sources: [ReportSource],
    questions: [ReportQuestion]
  ) {
    self.title = title
    self.conclusion = conclusion
    self.remarks = remarks
    self.sources = sources
    self.questions = questions
  }

  package var pictures: [ReportPicture.Source] {
    questions.flatMap { question in
      question.terms.compactMap(\.picture)
        + question.lists.flatMap { $0.asked.compactMap(\.picture) + $0.hits.compactMap(\.picture) }
    }
  }

  package func content(with pictures: inout ReportPictures) -> [HTML] {
    questions.map { question in
      let heading = question.heading.map { [HTML(.h3, ["dir": "auto"], text: $0)] } ?? []
      let terms = question.terms.map { Self.element($0, &pictures) }
      let remark = question.remark.map { [HTML(.p, ["class": "soft"], text: $0)] } ?? []
      let lists = question.lists.map { list in
        Self.element(list, isBelow: question.heading != nil, &pictures)
      }
      return HTML(
        .div, ["class": "question"],
        [
          HTML(.div, ["class": "asked"], heading + terms + remark),
          HTML(
            .div,
            [
              "class": lists.count == 2 ? "lists pair" : lists.count > 2 ? "lists several" : "lists"
            ],
            lists),
        ])
    }
  }

  private static func element(
    _ list: ReportList, isBelow: Bool, _ pictures: inout ReportPictures
  ) -> HTML {
    let heading = list.name.map { [HTML(isBelow ? .h4 : .h3, ["dir": "auto"], text: $0)] } ?? []
    let asked = list.asked.map { element($0, &pictures) }
    let name = heading + (asked.isEmpty ? [] : [HTML(.div, ["class": "asked"], asked)])
    guard !list.hits.isEmpty else {
      return HTML(
        .div, ["class": "list"], name + [HTML(.p, ["class": "soft"], text: "Nothing was found.")])
    }
    let cards = list.hits.map { $0.card(with: &pictures) }
    return HTML(
      .div, ["class": "list"], name + [HTML(.ol, ["class": "hits", "role": "list"], cards)])
  }

  private static func element(
    _ term: ReportQuestion.Term, _ pictures: inout ReportPictures
  ) -> HTML {
    let role = HTML(.p, ["class": "soft"], text: term.role)
    // Of a picture, the text is its name.
    let style = term.picture == nil ? "asked-text" : "id"
    let text = term.text.map { [HTML(.p, ["class": style, "dir": "auto"], text: $0)] } ?? []
    guard let source = term.picture else { return HTML(.div, [:], [role] + text) }
    let picture = pictures.element(source, alternative: "the question: \(term.text ?? term.role)")
    return HTML(.figure, [:], [role, picture, HTML(.figcaption, [:], text)])
  }
}
