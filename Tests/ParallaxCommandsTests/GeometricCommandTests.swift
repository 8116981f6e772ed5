import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// rerank --model geometric, and what explain says of it.
@MainActor
@Suite(
  .enabled(
    if: TestFiles.exists(TestData.packageRoot + "/.cache/opencv/libparallax-opencv.so"),
    "needs OpenCV: run scripts/setup --geometry"))
struct GeometricCommandTests {
  @Test func `the asked picture comes first, and explain says why`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let image = "\(Bench.tiles)/images/shoe-001.jpg"
      // As a first stage that has it last.
      await bench.succeed("f = query c --not-like b --top 3")
      let rows = await bench.rows(
        "r = rerank f --model geometric --image '\(image)' --columns rank,id,score,stage1_rank")
      #expect(rows.first?.hasPrefix("1,b,") == true)
      #expect(rows.first?.hasSuffix(",3") == true)
      // Nothing agrees with the others, which keep their order.
      #expect(rows.dropFirst().allSatisfy { $0.contains(",0.0,") || $0.contains(",0,") })
      let explained = await bench.rows("explain r 1")
      #expect(explained.allSatisfy { $0.hasPrefix("1,b,") })
      #expect(explained.contains("1,b,2,1,rotation,,,0.0°"))
      #expect(explained.contains("1,b,2,1,scale,,,1.0"))
      #expect(explained.contains { $0.hasPrefix("1,b,2,1,matrix,,,") })
      let score = rows.first?.split(separator: ",")[2].split(separator: ".").first ?? ""
      #expect(explained.contains("1,b,2,1,inliers,,,\(score)"))
      // What the first stage said is still there.
      #expect(explained.contains { $0.hasPrefix("1,b,1,3,") && $0.hasSuffix(",") })
      let all = await bench.rows("explain r")
      #expect(all.count { $0.contains(",inliers,") } == 3)
      #expect(all.count { $0.contains(#",transform,,,"none: "#) } == 2)
      let columns = await bench.succeed("set mode csv ; explain r").output.split(separator: "\n")
      #expect(
        columns.first?.hasPrefix("rank,id,stage,stage_rank,term,weight,contribution,value") == true)
    }
  }

  @Test func `the lists of a run are explained by question`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      try TestFiles.write(
        "id,image\nq1,\(Bench.tiles)/images/shoe-001.jpg\nq2,\(Bench.tiles)/images/mug-001.jpg\n",
        to: bench.folder + "/q.csv")
      await bench.succeed(
        "q = query c --queries '\(bench.folder)/q.csv' --top 3 ; r = q | rerank --model geometric")
      let explained = await bench.rows("explain r q2")
      #expect(explained.contains { $0.hasPrefix("1,a,2,1,inliers,,,") })
      #expect(explained.contains("1,a,2,1,rotation,,,0.0°"))
    }
  }

  @Test func `a question of text alone is refused`() async throws {
    try await Bench.inNewFolder { bench in
      try await bench.prepare()
      let outcome = await bench.run("query c --text shoe | rerank --model geometric")
      #expect(outcome.code != 0)
      #expect(outcome.notes.contains("'geometric'"), "\(outcome.notes)")
      #expect(outcome.notes.contains("image"), "\(outcome.notes)")
    }
  }
}
