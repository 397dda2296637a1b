// Preloaded into a measured program (LD_PRELOAD): counts its fsync and fdatasync calls in the file that
// BENCH_SYNC_COUNT names.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>

namespace {

std::atomic<std::uint64_t>* counter() {
    static auto* const shared = [] {
        static std::atomic<std::uint64_t> nowhere{0};
        const char* path = std::getenv("BENCH_SYNC_COUNT");
        const int file = path != nullptr ? open(path, O_RDWR) : -1;
        if (file < 0) return &nowhere;
        void* memory = mmap(nullptr, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        close(file);
        return memory == MAP_FAILED ? &nowhere : static_cast<std::atomic<std::uint64_t>*>(memory);
    }();
    return shared;
}

int counted(const char* name, int descriptor) {
    counter()->fetch_add(1, std::memory_order_relaxed);
    const auto real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name));
    return real(descriptor);
}

}  // namespace

extern "C" int fsync(int descriptor) { return counted("fsync", descriptor); }
extern "C" int fdatasync(int descriptor) { return counted("fdatasync", descriptor); }
