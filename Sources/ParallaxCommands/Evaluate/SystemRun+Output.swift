internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxStorage
internal import ParallaxWorkbench

extension SystemRun {
  /// Parts of the line under a run's table.
  var footer: [String] {
    var parts = ["\(Wording.count(lists.count, "question"))"]
    let images = Wording.count(candidates ?? 0, spaces.first?.spec.content.noun ?? "image")
    parts[0] += candidates == nil ? "" : " to \(images)"
    parts.append(Wording.count(count, "hit"))
    let empty = lists.count { $0.hits.isEmpty }
    if empty > 0 { parts.append("\(Wording.count(empty)) without a hit") }
    if !unanswered.isEmpty { parts.append("\(Wording.count(unanswered.count)) unanswered") }
    if ownCount > 0 {
      parts.append("\(Wording.count(ownCount, "hit is", "hits are")) the question itself")
    }
    if let embedding = costs.embedding, let searching = costs.searching {
      parts.append(
        "\(Wording.milliseconds(embedding + searching)) (embed "
          + "\(Wording.milliseconds(embedding)), search \(Wording.milliseconds(searching)))")
    }
    if let money = costs.money, money > 0 { parts.append("about \(Wording.dollars(money))") }
    if !method.isEmpty, method != "exact" { parts.append(method) }
    return parts
  }

  /// What `describe` says of it besides its provenance.
  var facts: [(String, String)] {
    var facts = [("questions", Wording.count(lists.count))]
    if !unanswered.isEmpty {
      let most = 10
      let ids = (questions?.questions.map(\.id).filter { unanswered[$0] != nil } ?? []).prefix(most)
      let rest = unanswered.count - ids.count
      facts.append(
        (
          "unanswered",
          ids.map { "\($0) (\(unanswered[$0] ?? ""))" }.joined(separator: "; ")
            + (rest > 0 ? " and \(Wording.count(rest)) more" : "")
        ))
    }
    if !own.isEmpty { facts.append(("hits that are the question", Wording.count(ownCount))) }
    return facts
  }
}
