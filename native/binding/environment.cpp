#include "binding/environment.hpp"

#include "core/recorder.hpp"

namespace framelane::binding {

Environment::Environment(Napi::Env env)
    : owners(std::make_shared<Owners>(env)), recorder(std::make_unique<Recorder>()) {
  collectors().push_back(owners.get());
}

Environment::~Environment() = default;

}  // namespace framelane::binding
