/// The engines there are; addresses, help and messages read this.
package enum EngineRegistry {
  package static let all: [any VectorEngine.Type] = [
    PostgresEngine.self, QdrantEngine.self, ChromaEngine.self, MilvusEngine.self,
  ]
}
