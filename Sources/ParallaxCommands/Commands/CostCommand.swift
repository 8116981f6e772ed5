package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

package struct CostCommand: Command {
  private static let group = OptionKey.single(
    "by", .choice, placeholder: "GROUP", help: "how to group the sums", default: ChargeGroup.model)

  package static let signature = CommandSignature(
    verb: "cost", group: "Spaces", summary: "show what was spent on remote providers",
    discussion: """
      Amounts are computed from the prices that 'list models' shows, at the time of each request. \
      A request counts as soon as it is sent; one whose reply never arrived stays counted, because \
      the provider may have charged it. 'set budget 5.00' refuses requests that would exceed it.
      """,
    options: [group],
    examples: ["cost", "cost --by day"], producesResult: true)

  private let group: ChargeGroup
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    group = try arguments[Self.group]
    canonical = arguments.canonical
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let charges = try session.bench.ledger.charges(by: group)
    let table = Table(
      columns: [
        .init(group.rawValue, .text, isKey: true), .init("items", .integer),
        .init("dollars", .real, fractionDigits: 4), .init("items without price", .integer),
      ],
      rows: charges.map {
        [
          .text($0.name), Value($0.items), .real(Double($0.micros) / 1e6), Value($0.unpriced),
        ]
      })
    let total = Wording.dollars(charges.reduce(0) { $0 + $1.micros })
    let unkept = session.bench.ledger.itemsInMemory
    return CommandOutput(
      .table(table), provenance: Provenance(command: canonical),
      footer: [charges.isEmpty ? "nothing was charged yet" : "\(total) in all"],
      notes: unkept == 0
        ? []
        : [
          "\(Wording.count(unkept)) of these items were asked for in this session; the workspace is "
            + "open for reading only and does not keep them"
        ])
  }
}
