// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/blob_cache.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace penchant {

// Key and value follow the node in the same allocation.
struct BlobCache::Node {
    Node* chain = nullptr;  // next in the same bucket
    Node* newer = nullptr;
    Node* older = nullptr;
    std::uint64_t hash = 0;
    std::uint32_t key_bytes = 0;
    std::uint32_t value_bytes = 0;

    [[nodiscard]] char* data() { return reinterpret_cast<char*>(this + 1); }
    [[nodiscard]] std::string_view key() { return {data(), key_bytes}; }
    [[nodiscard]] std::string_view value() { return {data() + key_bytes, value_bytes}; }
    [[nodiscard]] std::size_t bytes() const { return sizeof(Node) + key_bytes + value_bytes + 8; }  // 8: malloc's own

    static Node* make(std::uint64_t hash, std::string_view key, std::string_view value) {
        void* memory = ::operator new(sizeof(Node) + key.size() + value.size());
        Node* node = new (memory) Node;
        node->hash = hash;
        node->key_bytes = static_cast<std::uint32_t>(key.size());
        node->value_bytes = static_cast<std::uint32_t>(value.size());
        std::memcpy(node->data(), key.data(), key.size());
        if (!value.empty()) std::memcpy(node->data() + key.size(), value.data(), value.size());
        return node;
    }
    static void destroy(Node* node) {
        node->~Node();
        ::operator delete(node);
    }
};

struct BlobCache::Shard {
    std::mutex mutex;
    std::vector<Node*> buckets = std::vector<Node*>(16, nullptr);
    Node* newest = nullptr;
    Node* oldest = nullptr;
    std::size_t count = 0;
    std::size_t bytes = 0;

    ~Shard() {
        while (newest) {
            Node* next = newest->older;
            Node::destroy(newest);
            newest = next;
        }
    }

    Node** place(std::uint64_t hash, std::string_view key) {
        Node** at = &buckets[(hash >> 6U) & (buckets.size() - 1)];
        while (*at && ((*at)->hash != hash || (*at)->key() != key)) at = &(*at)->chain;
        return at;
    }
    void unlink(Node* node) {
        (node->newer ? node->newer->older : newest) = node->older;
        (node->older ? node->older->newer : oldest) = node->newer;
    }
    void link(Node* node) {
        node->newer = nullptr;
        node->older = newest;
        (newest ? newest->newer : oldest) = node;
        newest = node;
    }
    void remove(Node** at) {
        Node* node = *at;
        *at = node->chain;
        unlink(node);
        bytes -= node->bytes();
        --count;
        Node::destroy(node);
    }
    void insert(Node* node) {
        if (count >= buckets.size()) grow();
        Node** bucket = &buckets[(node->hash >> 6U) & (buckets.size() - 1)];
        node->chain = *bucket;
        *bucket = node;
        link(node);
        bytes += node->bytes();
        ++count;
    }
    void grow() {
        std::vector<Node*> larger(buckets.size() * 2, nullptr);
        for (Node* node = newest; node; node = node->older) {
            Node** bucket = &larger[(node->hash >> 6U) & (larger.size() - 1)];
            node->chain = *bucket;
            *bucket = node;
        }
        buckets.swap(larger);
    }
    void trim(std::size_t bytes_max) {
        while (oldest && bytes + buckets.size() * sizeof(Node*) > bytes_max) remove(place(oldest->hash, oldest->key()));
    }
};

BlobCache::BlobCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / shard_count) {
    for (std::size_t i = 0; i < shard_count; ++i) shards_.push_back(std::make_unique<Shard>());
}
BlobCache::~BlobCache() = default;

BlobCache::Shard& BlobCache::shard(std::uint64_t hash) { return *shards_[hash % shard_count]; }

bool BlobCache::find(std::string_view key, std::string& value) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    Shard& in = shard(hash);
    const std::lock_guard guard(in.mutex);
    Node* node = *in.place(hash, key);
    if (!node) return false;
    value.assign(node->value());
    in.unlink(node);
    in.link(node);
    return true;
}

void BlobCache::put(std::string_view key, std::string_view value) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    Node* node = Node::make(hash, key, value);
    Shard& in = shard(hash);
    const std::lock_guard guard(in.mutex);
    if (Node** at = in.place(hash, key); *at) in.remove(at);
    in.insert(node);
    in.trim(shard_bytes_max_);
}

void BlobCache::fill(std::string_view key, std::string_view value, const std::function<bool()>& still_true) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    Shard& in = shard(hash);
    const std::lock_guard guard(in.mutex);
    if (*in.place(hash, key) || !still_true()) return;
    in.insert(Node::make(hash, key, value));
    in.trim(shard_bytes_max_);
}

void BlobCache::erase(std::string_view key) {
    const std::uint64_t hash = std::hash<std::string_view>{}(key);
    Shard& in = shard(hash);
    const std::lock_guard guard(in.mutex);
    if (Node** at = in.place(hash, key); *at) in.remove(at);
}

std::size_t BlobCache::bytes() const {
    std::size_t total = 0;
    for (const auto& in : shards_) {
        const std::lock_guard guard(in->mutex);
        total += in->bytes + in->buckets.size() * sizeof(Node*);
    }
    return total;
}

std::size_t BlobCache::size() const {
    std::size_t total = 0;
    for (const auto& in : shards_) {
        const std::lock_guard guard(in->mutex);
        total += in->count;
    }
    return total;
}

}  // namespace penchant
