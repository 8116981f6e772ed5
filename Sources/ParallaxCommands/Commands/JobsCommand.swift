package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct JobsCommand: Command {
  private static let fetches = OptionKey.flag("fetch", help: "ask for them, and keep what is done")
  private static let forgotten = OptionKey.single(
    "forget", .text, placeholder: "NAME", help: "give a job up, with its answers")
  private static let cancelled = OptionKey.single(
    "cancel", .text, placeholder: "NAME", help: "ask the provider to end a job")

  package static let signature = CommandSignature(
    verb: "jobs", group: "Spaces", summary: "list the jobs that 'embed --batch' submitted",
    discussion: """
      A job is 'pending' or 'running' until --fetch, or the same 'embed --batch', asks for it again; then \
      its answers are kept in the workspace and it is 'fetched'. 'unconfirmed' is a job of which it is \
      not known whether the provider has it, because the connection or the program ended just then: it \
      is looked for by its name. What a job has answered is paid for and never asked for again, whatever \
      becomes of the space; a job that fails as a whole costs nothing.

      --cancel asks for the end of a job. The provider may still answer what it has done. --forget is for a \
      job that the provider no longer has: its items can be submitted again, and are then paid for again; \
      its charge stays, unless it is 'unconfirmed'.

      'files' is the folder in a bucket that holds what a job asks and answers, where its provider needs one. \
      When the answers are kept here, the files are deleted.
      """,
    options: [fetches, cancelled, forgotten],
    examples: ["jobs", "jobs --fetch"], producesResult: true)

  private let fetches: Bool
  private let cancelled: String?
  private let forgotten: String?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    fetches = try arguments[Self.fetches]
    cancelled = try arguments[Self.cancelled]
    forgotten = try arguments[Self.forgotten]
    canonical = arguments.canonical
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let events = EventCollector(session.console)
    var notes: [String] = []
    var warnings: [String] = []
    if let cancelled {
      let job: BatchJob
      do {
        job = try await session.bench.cancelJob(named: cancelled, budget: session.budget)
      } catch let error as ParallaxError {
        throw error.about(Self.cancelled.parameter())
      }
      notes.append(
        "asked '\(job.spec.provider)' to end '\(job.name)'; 'jobs --fetch' says when it has")
    }
    if let forgotten {
      let job = try attributing(to: Self.forgotten) {
        try session.bench.forgetJob(named: forgotten)
      }
      notes.append(
        "gave '\(job.name)' up; its \(Wording.count(job.items, "item")) can be submitted again")
      if let folder = job.folder {
        warnings.append("files of '\(job.name)' may stay in '\(folder)'")
      }
    }
    if fetches {
      let fetched = try await session.bench.fetchJobs(budget: session.budget, events.handler)
      if fetched.jobs > 0 {
        notes.append(
          "\(Wording.count(fetched.answers, "answer")) of \(Wording.count(fetched.jobs, "job")) "
            + "are kept; 'embed --batch' stores them in their spaces")
      }
      warnings += fetched.warnings
    }
    let jobs = try session.workspace.batchJobs()
    let table = Table(
      columns: [
        .init("job", .text, isKey: true), .init("space", .text), .init("model", .text),
        .init("state", .text), .init("items", .integer), .init("answered", .integer),
        .init("created", .text), .init("changed", .text), .init("message", .text),
        .init("files", .text),
      ],
      rows: jobs.map {
        [
          .text($0.name), .text($0.subject), .text($0.spec.model), .text($0.state.rawValue),
          Value($0.items), Value($0.answered), .text($0.created), .text($0.changed),
          $0.message.map(Value.text) ?? .null, $0.folder.map(Value.text) ?? .null,
        ]
      })
    let underWay = jobs.filter(\.state.isUnderWay).count
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: ["\(Wording.count(jobs.count, "job")), \(Wording.count(underWay)) under way"],
      notes: notes + events.notes, warnings: warnings + events.warnings)
  }
}
