#include "binding/graph_reader.hpp"

#include <string>

#include "binding/environment.hpp"
#include "binding/image_wrap.hpp"
#include "binding/js_reader.hpp"
#include "registry.hpp"

namespace framelane::binding {

namespace {

constexpr int kMostDepth = 16;

class GraphReader {
 public:
  /// Adds the stages behind `from`; the frame they end with.
  int read(Napi::Value stages, int from, const std::string& path, int depth) {
    require(stages.IsArray(), "ERR_INVALID_ARGUMENT", path + ": expected an array");
    require(depth <= kMostDepth, "ERR_INVALID_ARGUMENT", path + ": expected at most 16 branches inside each other");
    const auto array = stages.As<Napi::Array>();
    for (uint32_t i = 0; i < array.Length(); i++) {
      const std::string at = path + "[" + std::to_string(i) + "]";
      const Napi::Value value = array[i];
      require(value.IsObject() && value.As<Napi::Object>().Get("op").IsString(), "ERR_INVALID_ARGUMENT",
              at + ": expected an object with an op");
      from = readStage(value.As<Napi::Object>(), from, at, depth);
    }
    return from;
  }
  Graph take() { return std::move(graph_); }

 private:
  int readStage(Napi::Object stage, int from, const std::string& path, int depth) {
    const Napi::Value region = stage.Get("region"), mask = stage.Get("mask"), source = stage.Get("source");
    int frame = from;
    if (region.IsObject()) frame = graph_.add(make("crop", region.As<Napi::Object>(), path + ".region"), {frame});
    Wiring wiring{frame};
    if (isBranch(source)) wiring.source = read(source, frame, path + ".source.stages", depth + 1);
    frame = graph_.add(make(stage.Get("op").As<Napi::String>(), stage, path), wiring);
    if (region.IsObject()) {
      JsReader place(region.As<Napi::Object>());
      const Size size{place.integer("width"), place.integer("height")};
      frame = graph_.add(placeOp(place.integer("x"), place.integer("y"), size), {from, frame});
    }
    if (mask.IsUndefined()) return frame;
    Wiring mixed{from, frame};
    if (isBranch(mask)) mixed.mask = read(mask, from, path + ".mask.stages", depth + 1);
    return graph_.add(mixOp(isBranch(mask) ? nullptr : unwrap<ImageWrap>(mask, "an image as mask").buffer()), mixed);
  }

  static std::shared_ptr<const Op> make(const std::string& name, Napi::Object options, const std::string& path) {
    const OpEntry& entry = findOp(name);
    JsReader reader(options);
    try {
      return entry.make(entry.name, reader);
    } catch (const Error& error) {
      throw Error(error.code(), path + "." + error.what());
    }
  }

  Graph graph_;
};

}  // namespace

Graph readGraph(Napi::Value stages) {
  GraphReader reader;
  const int last = reader.read(stages, Wiring::kInput, "stages", 0);
  Graph graph = reader.take();
  require(last == graph.last(), "ERR_INTERNAL", "a graph must end with its last stage");
  return graph;
}

}  // namespace framelane::binding
