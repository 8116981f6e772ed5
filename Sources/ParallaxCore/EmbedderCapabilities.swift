/// What a provider can do, declared so that an impossible request is refused before any work.
package struct EmbedderCapabilities: Sendable, Hashable {
  package var embedsImages: Bool
  package var embedsText: Bool
  /// Whether an image and a text can be one input with one vector.
  package var joinsText: Bool
  /// The dimension of an unshortened vector.
  package var fullDimension: Int
  /// Smaller dimensions that may be asked for; empty when only the full one is.
  package var shorterDimensions: [Int]
  /// Task types understood; empty when there are none.
  package var tasks: [String]
  /// Images handed over at a time for the best speed.
  package var preferredBatch: Int
  /// Batches under way at once for the best speed.
  package var concurrentBatches: Int
  /// Whether a task type changes the vectors of images, too.
  package var tasksMoveImages: Bool
  /// Tasks under which images have vectors of their own, whatever the others do.
  package var imageTasks: [String]
  /// What an image is counted as, about; `nil` where tokens mean nothing.
  package var tokensPerImage: Int?
  /// The most items a minute that a person allows; `nil` for no limit.
  package var itemsPerMinute: Double?

  package init(
    embedsImages: Bool, embedsText: Bool, joinsText: Bool = false, fullDimension: Int,
    shorterDimensions: [Int] = [], tasks: [String] = [], preferredBatch: Int = 16,
    concurrentBatches: Int = 2,
    tasksMoveImages: Bool = false, imageTasks: [String] = [], tokensPerImage: Int? = nil,
    itemsPerMinute: Double? = nil
  ) {
    self.embedsImages = embedsImages
    self.embedsText = embedsText
    self.joinsText = joinsText
    self.fullDimension = fullDimension
    self.shorterDimensions = shorterDimensions
    self.tasks = tasks
    self.preferredBatch = preferredBatch
    self.concurrentBatches = concurrentBatches
    self.tasksMoveImages = tasksMoveImages
    self.imageTasks = imageTasks
    self.tokensPerImage = tokensPerImage
    self.itemsPerMinute = itemsPerMinute
  }

  /// Tasks under which texts may ask; none where the vectors are of images alone.
  package var textTasks: [String] {
    embedsText ? tasks.filter { !imageTasks.contains($0) } : []
  }

  /// Whether an image has the same vector under two tasks.
  package func sharesImages(_ one: String?, _ other: String?) -> Bool {
    one == other
      || !tasksMoveImages && ![one, other].contains { $0.map(imageTasks.contains) ?? false }
  }

  /// Refuses inputs that the model named `model` cannot embed.
  ///
  /// - Throws: `unsupported`.
  package func check(_ inputs: [ModelInput], model: String, task: String? = nil) throws {
    for input in inputs {
      if input.parts.isEmpty {
        throw ParallaxError(.invalidValue, "there is nothing to embed of '\(input.name)'")
      }
      if input.parts.count > 1, !joinsText { throw ParallaxError.joinsNothing(model) }
      if input.holdsImage, !embedsImages {
        throw ParallaxError(.unsupported, "model '\(model)' embeds text only")
      }
      if !input.holdsImage, !embedsText, let task, imageTasks.contains(task) {
        throw ParallaxError(
          .unsupported, "under the task '\(task)', model '\(model)' embeds images only",
          hint: "use --image or --like, or a space of another task")
      }
      if !input.holdsImage, !embedsText {
        throw ParallaxError(
          .unsupported, "model '\(model)' embeds images only",
          hint: "use --image or --like, or embed with a model that has a text tower")
      }
    }
  }
}

extension ParallaxError {
  package static func joinsNothing(_ model: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "model '\(model)' gives no joint vector of an image and a text",
      hint: "embed them separately: --content image, --content text")
  }
}
