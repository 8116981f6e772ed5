import ParallaxCore
import Testing

@testable import ParallaxImaging

@Suite struct ResizePlanTests {
  private func plan(
    _ resize: ImageTransform.Resize, crop: (Int, Int)? = nil, of width: Int, _ height: Int
  ) -> ResizePlan {
    let size = crop.map { ImageTransform.Size(width: $0.0, height: $0.1) }
    return ResizePlan(
      ImageTransform(resize: resize, centerCrop: size), width: width, height: height)
  }

  @Test func `the longer side is cut to a whole number`() {
    let plan = plan(.shortestEdge(224), crop: (224, 224), of: 640, 427)
    #expect(plan.width == 335 && plan.height == 224)
    #expect(plan.window == .init(left: 55, top: 0, width: 224, height: 224))
    #expect(plan.padLeft == 0 && plan.padTop == 0)
  }

  @Test func `a picture smaller than the crop is centred, the odd pixel before it`() {
    let plan = plan(.none, crop: (6, 9), of: 5, 6)
    #expect(plan.window == .init(left: 0, top: 0, width: 5, height: 6))
    #expect(plan.padLeft == 1 && plan.padTop == 2)
    #expect(plan.outputWidth == 6 && plan.outputHeight == 9)
  }

  @Test func `an extreme aspect needs no more than its window`() {
    let plan = plan(.shortestEdge(224), crop: (224, 224), of: 100_000, 1)
    #expect(plan.width == 22_400_000 && plan.window.width == 224)
  }

  @Test func `JPEGs are decoded smaller only when large and twice the size remains`() {
    func factor(_ width: Int, _ height: Int, _ kernel: ImageTransform.Resample = .bicubic) -> Int {
      plan(.shortestEdge(224), of: width, height)
        .shrinkOnLoad(width: width, height: height, kernel: kernel)
    }
    #expect(factor(4000, 3000) == 4)
    #expect(factor(8000, 6000) == 8)
    #expect(factor(4000, 3000, .nearest) == 1)
    #expect(factor(900, 900) == 1)
    let whole = plan(.none, of: 4000, 3000)
    #expect(whole.shrinkOnLoad(width: 4000, height: 3000, kernel: .bicubic) == 1)
  }

  @Test func `sizes out of range are refused`() {
    #expect(!ResizePlan.accepts(ImageTransform(resize: .shortestEdge(0))))
    #expect(!ResizePlan.accepts(ImageTransform(resize: .exact(width: 5, height: -1))))
    #expect(!ResizePlan.accepts(ImageTransform(resize: .fit(width: 1, height: 1 << 30))))
    #expect(ResizePlan.accepts(ImageTransform(resize: .none)))
  }
}
