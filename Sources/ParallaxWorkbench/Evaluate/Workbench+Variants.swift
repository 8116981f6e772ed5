internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// The systems of a variation, in the order in which they are compared: all combinations, without
  /// those whose options contradict one another.
  ///
  /// - Returns: also how many combinations there are not.
  /// - Throws: `usage` when several axes are varied and `isGrid` is not set; `invalid-value`,
  ///   `unsupported` and `unknown-name` for what the space does not have, naming the option; what opens
  ///   no model.
  package func variants(
    of variation: Variation, _ template: Query, in space: Space, isGrid: Bool
  ) async throws -> (systems: [SystemVariant], impossible: Int) {
    let axes = variation.axes
    var base = template
    base.terms = []
    var systems = [SystemVariant(label: "", query: base)]
    for axis in axes {
      let choices = try await choices(on: axis, of: variation, in: space)
      systems = systems.flatMap { system in
        choices.map { choice in
          var made = system
          choice.change(&made)
          made.label = [system.label, choice.label].filter { !$0.isEmpty }.joined(separator: " ")
          return made
        }
      }
    }
    guard axes.count <= 1 || isGrid else {
      let names = axes.map { "--\($0)" }.joined(separator: " and ")
      throw ParallaxError(
        .usage, "one thing varies at a time; got \(names)",
        hint: "--grid compares all \(Wording.count(systems.count, "combination"))",
        parameter: .init(name: axes[1]))
    }
    let possible = systems.filter { (try? $0.query.checkOptions()) != nil }
    if possible.isEmpty, let first = systems.first { try first.query.checkOptions() }
    return (possible, systems.count - possible.count)
  }

  private typealias Choice = (label: String, change: (inout SystemVariant) -> Void)

  private func choices(
    on axis: String, of variation: Variation, in space: Space
  ) async throws -> [Choice] {
    switch axis {
    case "dims":
      try variation.dimensions(within: space).map { dimension in
        // The whole vector is searched as it always is, also by codes and an index.
        let isFull = dimension == space.spec.dimension
        return ("dim \(dimension)", { $0.query.dimensions = isFull ? [] : [dimension] })
      }
    case "codes":
      variation.codes.map { codes in
        (
          "codes \(codes?.rawValue ?? "none")",
          {
            $0.query.method = codes.map { .codes($0, oversample: $0.usualOversample) } ?? .exact
          }
        )
      }
    case "similarity":
      variation.similarities.map { similarity in
        (
          similarity.rawValue,
          {
            $0.query.similarity = similarity
            // An index, which knows cosines only, would differ in two things.
            if $0.query.method == .best { $0.query.method = .exact }
          }
        )
      }
    case "fuse":
      variation.fusions.map { fusion in
        ("fuse \(fusion.rawValue)", { $0.query.fusion = fusion })
      }
    case "index": try await indexes(variation.indexes, of: space)
    default: try await tasks(variation.tasks ?? .all, of: space)
    }
  }

  private func indexes(
    _ indexes: [Variation.Index], of space: Space
  ) async throws -> [Choice] {
    if indexes.contains(.hnsw) {
      _ = try await spaces.loading(space).requireGraph(for: "index")
    }
    return indexes.map { index in
      (
        "index \(index.rawValue)",
        { system in
          system.query.method = index == .exact ? .exact : .best
          // It is measured here, however poor it is.
          if index == .hnsw { system.query.recallFloor = 0 }
        }
      )
    }
  }

  private func tasks(_ tasks: Variation.Tasks, of space: Space) async throws -> [Choice] {
    let own = space.spec.queryTask ?? "none"
    let forms: [TaskForm]
    switch tasks {
    case .some(let some): forms = some
    case .all:
      let embedder = try await models.embedder(for: space, budget: nil, isForEstimate: true)
      forms = embedder.capabilities.textTasks.map { .type($0) }
      guard !forms.isEmpty else {
        throw ParallaxError(
          .unsupported, "model '\(space.spec.model)' knows no task types",
          hint: "--tasks \(TaskForm.prefix)NAME puts the words of a task type in front of texts: "
            + TaskWords.names.joined(separator: ", "), parameter: "tasks")
      }
    }
    var queryTasks: Set<String> = [own]
    var choices: [Choice] = [("task \(own)", { $0.task = nil })]
    for (index, form) in forms.enumerated() {
      var label = form.text
      if case .type(let name) = form {
        do {
          let embedder = try await models.embedder(
            for: space, asking: name, budget: nil, isForEstimate: true)
          label = embedder.spec.queryTask ?? name
        } catch let error as ParallaxError {
          throw error.about(.init(name: "tasks", index: index))
        }
      }
      // Two document sides may have one query side.
      guard queryTasks.insert(label).inserted else { continue }
      choices.append(("task \(label)", { $0.task = form }))
    }
    return choices
  }
}
