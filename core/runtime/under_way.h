#pragma once

#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

namespace mailrota::runtime {

// The offers that this process works on now, so that one which comes a second time meanwhile (a client that
// gave up waiting and tries again) is not carried out twice. Thread-safe; shared by all deliveries of a
// process, outlives them.
class UnderWay {
  public:
    // Holds offers until it is destroyed. Movable; the UnderWay outlives it.
    class Held {
      public:
        Held(Held&& other) noexcept : all_(other.all_), offers_(std::move(other.offers_)) {
            other.offers_.clear();
        }
        Held& operator=(Held&&) = delete;
        ~Held() { all_.release(offers_); }

        bool has(const std::string& offer) const { return offers_.contains(offer); }

      private:
        friend class UnderWay;
        Held(UnderWay& all, std::unordered_set<std::string> offers) : all_(all), offers_(std::move(offers)) {}

        UnderWay& all_;
        std::unordered_set<std::string> offers_;
    };

    // Takes those of the offers that nobody holds.
    Held hold(const std::vector<std::string>& offers) {
        std::unordered_set<std::string> taken;
        const std::lock_guard lock(mutex_);
        for (const std::string& offer : offers)
            if (held_.insert(offer).second) taken.insert(offer);
        return Held(*this, std::move(taken));
    }

  private:
    void release(const std::unordered_set<std::string>& offers) {
        const std::lock_guard lock(mutex_);
        for (const std::string& offer : offers) held_.erase(offer);
    }

    std::mutex mutex_;
    std::unordered_set<std::string> held_;
};

}  // namespace mailrota::runtime
