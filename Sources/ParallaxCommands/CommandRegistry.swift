package import CommandLanguage

/// The commands there are; dispatch, help and completion read this.
package enum CommandRegistry {
  package static let all: [any Command.Type] = [
    CreateCommand.self, DropCommand.self, LoadCommand.self, UnloadCommand.self, UseCommand.self,
    ListCommand.self, DescribeCommand.self, IngestCommand.self, SyncCommand.self,
    EmbedCommand.self, ImportCommand.self, ReembedCommand.self, ProjectCommand.self,
    AlignCommand.self, PublishCommand.self,
    PromoteCommand.self, DemoteCommand.self,
    CostCommand.self, CacheCommand.self, JobsCommand.self,
    QueryCommand.self, RerankCommand.self, ImportRunCommand.self, FilterCommand.self,
    MapCommand.self,
    IndexCommand.self,
    DedupeCommand.self, ClusterCommand.self, GateCommand.self, CalibrateCommand.self,
    CalibrationsCommand.self,
    SuggestCommand.self, WatchCommand.self, ServeCommand.self,
    JudgeCommand.self, JudgementsCommand.self, ImportVerdictsCommand.self, AuditCommand.self,
    ExplainCommand.self, HealthCommand.self, CanaryCommand.self,
    EvalCommand.self, CompareCommand.self, DiffCommand.self, PowerCommand.self,
    ShowCommand.self, ExportCommand.self, PlotCommand.self, ReportCommand.self,
    WorkspaceCommand.self, LetCommand.self, SetCommand.self, ResetCommand.self, HistoryCommand.self,
    EditCommand.self,
    RunCommand.self, CheckCommand.self, RecordCommand.self,
    HelpCommand.self, QuitCommand.self,
  ]

  /// Verbs that belong to the language and come later; no result may take their names.
  package static let reserved = [
    "undo", "join", "snapshot",
    "monitor",
  ]

  package static let signatures = SignatureRegistry(all.map { $0.signature }, reserved: reserved)

  static func command(for verb: String) -> (any Command.Type)? {
    all.first { $0.signature.verb == verb }
  }
}
