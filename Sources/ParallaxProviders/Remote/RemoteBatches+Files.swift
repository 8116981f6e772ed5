internal import ParallaxCore
internal import ParallaxHTTP

/// The files of jobs.
extension RemoteBatches {
  /// Bytes of an upload's piece; services want multiples of 256 KiB.
  private static let piece = 8 << 20
  private static let bytesOfNumber = 32
  private static let otherBytesOfItem = 8_192
  private static let otherBytes = 1 << 20

  /// - Returns: the address that the file goes to.
  func beginUpload(of size: Int, named name: String, in folder: String?) async throws -> String {
    let files = api.files
    let begun = try await send {
      try await files.uploadRequest(
        named: folder == nil ? name : "input.jsonl", in: folder, size: size)
    } judge: {
      files.judge($0, about: folder ?? name)
    }
    return try files.uploadAddress(in: begun)
  }

  /// - Returns: the file's name.
  func upload(
    _ body: [UInt8], to address: String, about place: String
  ) async throws -> String {
    let files = api.files
    var last = HTTPResponse(status: 0)
    var start = 0
    while start < body.count {
      let (from, end) = (start, min(start + Self.piece, body.count))
      last = try await send {
        files.uploadRequest(of: Array(body[from..<end]), from: from, of: body.count, to: address)
      } judge: { response in
        files.received(in: response, upTo: end) == nil
          ? files.judge(response, about: place) : .accepted
      }
      guard let received = files.received(in: last, upTo: end), received > start else {
        throw ParallaxError(
          .badReply, "'\(embedder.spec.provider)' took nothing of a piece of a file",
          hint: "the same command goes on")
      }
      start = received
    }
    return try files.file(in: last)
  }

  @concurrent func answers(of status: BatchStatus, count: Int) async throws -> BatchAnswers {
    guard let place = status.answers else { return BatchAnswers() }
    var reply = BatchReply(provider: embedder.spec.provider)
    for file in try await answerFiles(at: place) {
      try reply.read(try await download(file, count: count))
    }
    if let strange = reply.answers.keys.first(where: { !(0..<count).contains($0) }) {
      throw ParallaxError(
        .badReply,
        "'\(embedder.spec.provider)' answered input \(strange) of a job that has \(count)")
    }
    return try await checked(reply)
  }

  private func checked(_ reply: BatchReply) async throws -> BatchAnswers {
    var answers = BatchAnswers()
    let (whole, wanted) = (embedder.capabilities.fullDimension, embedder.spec.dimension)
    for (position, answer) in reply.answers {
      var answer = answer
      if api.mayAnswerWhole, wanted < whole, case .success(let vector) = answer,
        vector.count == whole
      {
        answer = .success(Array(vector.prefix(wanted)))
        (answers.cut, answers.cutFrom) = (answers.cut + 1, whole)
      }
      switch try embedder.checked([answer])[0] {
      case .success(let vector): answers.outcomes[position] = .success(vector)
      case .failure(var error):
        error.message = await shown(error.message)
        answers.outcomes[position] = .failure(error)
      }
    }
    if let message = reply.message { answers.message = await shown(message) }
    return answers
  }

  private func answerFiles(at place: String) async throws -> [String] {
    guard let folders = api.files as? any BatchFolders else { return [place] }
    return try await files(in: place, folders).filter { $0.hasSuffix(".jsonl") }.sorted()
  }

  private func files(in folder: String, _ folders: any BatchFolders) async throws -> [String] {
    var all: [String] = []
    var page: String?
    for _ in 0..<Self.mostPages {
      let asked = page
      let response = try await send {
        try await folders.listRequest(of: folder, page: asked)
      } judge: {
        folders.judge($0, about: folder)
      }
      let (files, next) = try folders.files(in: response, of: folder)
      all += files
      guard let next, next != page else { return all }
      page = next
    }
    throw ParallaxError(.badReply, "the list of the files in '\(folder)' has no end")
  }

  private func download(_ file: String, count: Int) async throws -> [UInt8] {
    let files = api.files
    // Where files are in a bucket, each answer stands beside the request that it is to.
    let requests = files is any BatchFolders ? 2 * api.jobByteLimit : 0
    let largest =
      Self.otherBytes + requests
      + min(max(count, 0), api.jobItemLimit)
      * (max(embedder.spec.dimension, RemoteEmbedder.leastDimension) * Self.bytesOfNumber
        + Self.otherBytesOfItem)
    return try await send {
      var request = try await files.downloadRequest(of: file)
      request.largestReply = largest
      return request
    } judge: {
      files.judge($0, about: file)
    }.body
  }

  func discard(_ folder: String) async throws {
    guard let folders = api.files as? any BatchFolders else { return }
    for file in try await files(in: folder, folders) {
      _ = try await send {
        try await folders.deleteRequest(of: file)
      } judge: { response in
        // Somebody was faster.
        response.status == 404 ? .accepted : folders.judge(response, about: file)
      }
    }
  }
}
