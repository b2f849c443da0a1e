// Calls of the immediate API, as numbers: the operation's place in the registry, images by their numbers in the table, and the
// options in the slots.
#include "binding/environment.hpp"
#include "binding/exports.hpp"
#include "binding/plain_call.hpp"
#include "core/recorder.hpp"
#include "ops/registry.hpp"

namespace framelane::binding {

namespace {

std::shared_ptr<const Op> readOp(const PlainCall& call) {
  const auto& ops = registry();
  const double place = call.number(0);
  if (!isInteger(place, 0, static_cast<double>(ops.size()) - 1))
    fail("ERR_INVALID_ARGUMENT", "expected the place of an operation");
  const OpEntry& entry = ops[static_cast<size_t>(place)];
  const Environment& environment = call.environment();
  SlotReader reader(*environment.slots, *environment.images, *environment.codes);
  return entry.make(entry.name, reader);
}

/// (operation, source, destination, temp or 0, stream or 0)
napi_value record(const PlainCall& call) {
  const auto source = call.image(1), destination = call.image(2);
  const auto temp = call.number(3) == 0 ? nullptr : call.image(3);
  call.environment().recorder->apply(readOp(call), source, destination, temp.get(), call.stream(4, *source->device()));
  return nullptr;
}

/// (operation, source): width * 65536 + height.
napi_value recordedSize(const PlainCall& call) {
  const auto source = call.image(1);
  const Size size = outputSize(readOp(call), source->size());
  return call.toJs(65536.0 * size.width + size.height);
}

/// (destination, source, stream or 0)
napi_value recordCopy(const PlainCall& call) {
  const auto destination = call.image(0), source = call.image(1);
  call.environment().recorder->copy(source, destination, call.stream(2, *source->device()));
  return nullptr;
}

napi_value imageWidth(const PlainCall& call) { return call.toJs(call.image(0)->size().width); }

napi_value imageHeight(const PlainCall& call) { return call.toJs(call.image(0)->size().height); }

/// (owner, device's number, 1 for bytes or 0 for floats, width, height): the number of an image that is freed with its owner.
napi_value makeImage(const PlainCall& call) {
  Environment& environment = call.environment();
  const PixelFormat format = call.number(2) == 1 ? PixelFormat::rgba8 : PixelFormat::rgbaf32;
  const FrameShape shape{format, call.integer(3, "width"), call.integer(4, "height")};
  auto image = std::make_shared<ImageBuffer>(environment.device(call.number(1)), shape);
  auto held = std::make_unique<HeldImage>(call.env(), call.value(0), *environment.images, std::move(image));
  return call.toJs(environment.images->add(std::move(held)));
}

napi_value freeImage(const PlainCall& call) {
  call.environment().images->free(call.number(0));
  return nullptr;
}

Napi::Value opId(const Napi::CallbackInfo& info) {
  const OpEntry& entry = findOp(info[0].ToString());
  return Napi::Number::New(info.Env(), static_cast<double>(&entry - registry().data()));
}

Napi::Value slots(const Napi::CallbackInfo& info) {
  auto held = std::make_unique<std::shared_ptr<Slots>>(Environment::of(info.Env()).slots);
  Slots& shared = **held;
  const auto release = [](Napi::Env, void*, std::shared_ptr<Slots>* hint) { delete hint; };
  const auto memory = Napi::ArrayBuffer::New(info.Env(), shared.data(), sizeof(Slots), release, held.get());
  held.release();
  return Napi::Float64Array::New(info.Env(), shared.size(), memory, 0);
}

}  // namespace

void exportRecord(Napi::Env env, Napi::Object exports) {
  exportFunction<slots>(env, exports, "slots");
  exportFunction<opId>(env, exports, "opId");
  exportPlain<record>(env, exports, "record");
  exportPlain<recordedSize>(env, exports, "recordedSize");
  exportPlain<recordCopy>(env, exports, "recordCopy");
  exportPlain<imageWidth>(env, exports, "imageWidth");
  exportPlain<imageHeight>(env, exports, "imageHeight");
  exportPlain<makeImage>(env, exports, "makeImage");
  exportPlain<freeImage>(env, exports, "freeImage");
}

}  // namespace framelane::binding
