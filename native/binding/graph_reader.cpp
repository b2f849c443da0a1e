#include "binding/graph_reader.hpp"

#include <algorithm>
#include <string>

#include "binding/environment.hpp"
#include "binding/image_wrap.hpp"
#include "binding/js_reader.hpp"
#include "binding/number_argument.hpp"
#include "ops/registry.hpp"

namespace framelane::binding {

namespace {

constexpr int kMostDepth = 16;

std::string listOf(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class GraphReader {
 public:
  explicit GraphReader(const std::vector<std::string>& inputs) : inputs_(inputs) {}

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
    if (isFrame(source)) wiring.source = readFrame(source, frame, path + ".source", depth);
    frame = graph_.add(make(stage.Get("op").As<Napi::String>(), stage, path), wiring);
    if (region.IsObject()) {
      JsReader place(region.As<Napi::Object>());
      const Size size{place.integer("width"), place.integer("height")};
      frame = graph_.add(placeOp(place.integer("x"), place.integer("y"), size), {from, frame});
    }
    if (mask.IsUndefined()) return frame;
    Wiring mixed{from, frame};
    if (isFrame(mask)) mixed.mask = readFrame(mask, from, path + ".mask", depth);
    return graph_.add(mixOp(isFrame(mask) ? nullptr : unwrap<ImageWrap>(mask, "an image as mask").buffer()), mixed);
  }

  /// A branch of the frame that the stage gets, or of another one.
  int readFrame(Napi::Value value, int from, const std::string& path, int depth) {
    if (value.IsArray()) return read(value, from, path + ".stages", depth + 1);
    const auto object = value.As<Napi::Object>();
    const int frame = graph_.refer(readReference(object, path));
    const Napi::Value stages = object.Get("stages");
    return stages.IsUndefined() ? frame : read(stages, frame, path + ".stages", depth + 1);
  }

  FrameReference readReference(Napi::Object object, const std::string& path) const {
    const Napi::Value previous = object.Get("previous"), input = object.Get("input");
    if (!previous.IsUndefined()) {
      require(isInteger(numberOr(previous), 1, FrameReference::kMostPrevious), "ERR_INVALID_OPTION",
              path + ".previous: expected an integer from 1 to " + std::to_string(FrameReference::kMostPrevious));
      return {"", previous.As<Napi::Number>().Int32Value()};
    }
    const std::string name = input.ToString();
    if (std::ranges::find(inputs_, name) == inputs_.end())
      fail("ERR_INVALID_OPTION",
           path + ".input: expected " +
               (inputs_.empty() ? "no named input, because there is none here" : "one of " + listOf(inputs_)) +
               ", received \"" + name + "\"");
    return {name, 0};
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

  const std::vector<std::string>& inputs_;
  Graph graph_;
};

}  // namespace

Graph readGraph(Napi::Value stages, const std::vector<std::string>& inputs) {
  GraphReader reader(inputs);
  const int last = reader.read(stages, Wiring::kInput, "stages", 0);
  Graph graph = reader.take();
  require(last == graph.last(), "ERR_INTERNAL", "a graph must end with its last stage");
  return graph;
}

}  // namespace framelane::binding
