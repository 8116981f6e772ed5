package import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
package import ParallaxStorage
private import ParallaxSystem
private import Synchronization

/// The money and the quota of a session, and the replies they bought: what is asked for is charged
/// before it goes out, and what is answered is kept at once.
///
/// A reservation is a charge in the workspace, so limits see every request under way and a kill
/// forgets none. In a workspace that is open for reading, charges and replies are kept in memory for
/// the session.
package final class Ledger: Sendable {
  /// Names a reservation.
  package typealias Ticket = Int64

  private struct State {
    /// The room held for each reservation.
    var room: [Ticket: Int] = [:]
    /// What the workspace could not take.
    var replies: [ContentHash: CachedReply] = [:]
    var charges: [Ticket: (at: String, charge: Charge)] = [:]
    var lastTicket: Ticket = 0
    var damaged: Set<ContentHash> = []
    /// Models that were asked under a budget and have no price.
    var unpriced: Set<String> = []
  }

  private let workspace: Workspace
  private let room: ReservedRoom
  private let state = Mutex(State())

  package init(_ workspace: Workspace) {
    self.workspace = workspace
    room = ReservedRoom(for: workspace)
  }

  private var isInMemory: Bool { workspace.mode == .readOnly }

  // MARK: - Reservations

  /// Charges what is about to be asked for, and holds the room for its replies.
  ///
  /// - Throws: `budget`, `quota` or `storage`; nothing may be asked then.
  package func reserve(_ charge: Charge, dimension: Int, within limits: SpendingLimits) throws
    -> Ticket
  {
    if limits.budget != nil, charge.micros == nil {
      _ = state.withLock { $0.unpriced.insert(charge.model) }
    }
    if isInMemory {
      let spent = try workspace.spending(provider: charge.provider)
      return try state.withLock { state in
        try limits.check(charge, after: spent + Self.spending(state, provider: charge.provider))
        state.lastTicket += 1
        state.charges[state.lastTicket] = (Clock.now(), charge)
        return state.lastTicket
      }
    }
    let bytes = ReservedRoom.bytes(ofReplies: charge.items, dimension: dimension)
    try room.take(bytes)
    do {
      let ticket = try workspace.write(charge) { try limits.check(charge, after: $0) }
      state.withLock { $0.room[ticket] = bytes }
      return ticket
    } catch {
      room.giveBack(bytes)
      throw error
    }
  }

  /// Keeps what was answered; the charge stays as it is.
  ///
  /// - Throws: `storage` when the workspace cannot take it; the session has it all the same.
  package func settle(
    _ ticket: Ticket, replies: [CachedReply], provider: String, model: String
  ) throws {
    giveRoomBack(ticket)
    if replies.isEmpty { return }
    if isInMemory { return remember(replies) }
    do {
      try workspace.keep(replies, provider: provider, model: model)
    } catch var error as ParallaxError {
      remember(replies)
      error.hint =
        "\(Wording.count(replies.count)) replies that were paid for are kept until the session ends"
      throw error
    }
  }

  /// Takes back what was not asked for after all, or refused.
  package func release(_ ticket: Ticket) {
    giveRoomBack(ticket)
    if isInMemory {
      state.withLock { $0.charges[ticket] = nil }
    } else {
      // A charge that cannot be taken back is one too many: no limit is overrun by it.
      try? workspace.release(charge: ticket)
    }
  }

  private func giveRoomBack(_ ticket: Ticket) {
    let bytes = state.withLock { $0.room.removeValue(forKey: ticket) }
    if let bytes { room.giveBack(bytes) }
  }

  private func remember(_ replies: [CachedReply]) {
    state.withLock { state in
      for reply in replies { state.replies[reply.key] = reply }
    }
  }

  // MARK: - Replies

  /// The vectors there are for some keys.
  package func vectors(for keys: [ContentHash]) throws -> [ContentHash: [Float]] {
    let (intact, damaged) = try workspace.cachedReplies(for: keys)
    return state.withLock { state in
      state.damaged.formUnion(damaged.filter { state.replies[$0] == nil })
      var vectors = intact
      for key in keys where vectors[key] == nil { vectors[key] = state.replies[key]?.vector }
      return vectors
    }
  }

  /// The dimensions that a model's replies have.
  package func dimensions(provider: String, model: String) throws -> [Int] {
    try workspace.replyDimensions(provider: provider, model: model)
  }

  /// What the budget could not limit since it was last asked.
  package func drainNotes() -> [String] {
    let models = state.withLock { state in
      defer { state.unpriced = [] }
      return state.unpriced
    }
    return models.sorted().map {
      "no price of '\($0)' is known, so the budget does not limit it (see PARALLAX_PRICES)"
    }
  }

  /// What was found damaged since it was last asked.
  package func drainWarnings() -> [String] {
    let count = state.withLock { state in
      defer { state.damaged = [] }
      return state.damaged.count
    }
    if count == 0 { return [] }
    return [
      count == 1
        ? "a kept reply is damaged and was not used: its input was asked for again"
        : "\(Wording.count(count)) kept replies are damaged and were not used: their inputs were "
          + "asked for again"
    ]
  }

  // MARK: - Sums

  /// Everything charged, in groups; the dearest first.
  package func charges(by group: ChargeGroup) throws -> [ChargeSummary] {
    var summaries = try workspace.charges(by: group)
    for (at, charge) in state.withLock({ Array($0.charges.values) }) {
      let name = group.name(of: charge, at: at)
      let index =
        summaries.firstIndex { $0.name == name }
        ?? {
          summaries.append(ChargeSummary(name: name, items: 0, micros: 0, unpriced: 0))
          return summaries.count - 1
        }()
      summaries[index].items += charge.items
      summaries[index].micros += charge.micros ?? 0
      summaries[index].unpriced += charge.micros == nil ? charge.items : 0
    }
    return summaries.sorted { ($1.micros, $0.name) < ($0.micros, $1.name) }
  }

  /// Items that are charged in this session alone, since the workspace is open for reading.
  package var itemsInMemory: Int {
    state.withLock { $0.charges.values.reduce(0) { $0 + $1.charge.items } }
  }

  private static func spending(_ state: State, provider: String) -> Spending {
    var spending = Spending()
    for (at, charge) in state.charges.values {
      spending.micros += charge.micros ?? 0
      guard charge.provider == provider else { continue }
      spending.items += charge.items
      spending.oldest = min(spending.oldest ?? at, at)
    }
    return spending
  }
}

extension Spending {
  fileprivate static func + (left: Spending, right: Spending) -> Spending {
    var sum = left
    sum.micros += right.micros
    sum.items += right.items
    sum.oldest = [left.oldest, right.oldest].compactMap(\.self).min()
    return sum
  }
}
