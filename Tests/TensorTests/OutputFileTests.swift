import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite("Digests")
struct DigestTests {
  @Test(
    "are those of the reference program",
    arguments: [
      ("", "ef46db3751d8e999"), ("a", "d24ec4f1a98c6e5b"), ("abc", "44bc2cf5ad770999"),
      ("Nobody inspects the spammish repetition", "fbcea83c8a378bf1"),
    ])
  func published(text: String, digest: String) {
    var own = Digest()
    Array(text.utf8).withUnsafeBytes { own.add($0) }
    #expect(own.text == digest)
  }

  @Test("do not depend on how the bytes are divided")
  func pieces() {
    let bytes = (0..<100).map { UInt8(($0 * 37) % 251) }
    for length in 0...100 {
      var whole = Digest()
      bytes[..<length].withUnsafeBytes { whole.add($0) }
      for size in [1, 7, 31, 32, 33] {
        var parts = Digest()
        var rest = bytes[..<length]
        while !rest.isEmpty {
          rest.prefix(size).withUnsafeBytes { parts.add($0) }
          rest = rest.dropFirst(size)
        }
        #expect(parts.value == whole.value)
      }
    }
  }
}

@Suite("Files are written whole, where their links lead")
struct OutputFileTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test("a file is read whole, and what is none has a sentence")
  func reading() throws {
    try withTemporaryDirectory { folder in
      let path = { (name: String) in folder.appendingPathComponent(name).path }
      let bytes = Data((0..<200_000).map { UInt8($0 % 251) })
      try WholeFile.write(bytes, to: path("long"))
      #expect(try WholeFile.read(path("long"), atMost: 200_000) == bytes)
      try WholeFile.write("", to: path("empty"))
      #expect(try WholeFile.read(path("empty"), atMost: 0).isEmpty)
      for (name, limit, found) in [
        ("long", 199_999, "a longer one"), ("", 1, "a folder"), ("none", 1, "no such file"),
        ("none/file", 1, "no folder"), ("long/file", 1, "a path that goes through a file"),
      ] {
        let error = #expect(throws: FileError.self) {
          try WholeFile.read(path(name), atMost: limit)
        }
        #expect(error?.found.hasPrefix(found) == true, "\(String(describing: error))")
      }
    }
  }

  @Test("links stay and their files change, with the permissions that they had")
  func links() throws {
    try withTemporaryDirectory { folder in
      let path = { (name: String) in folder.appendingPathComponent(name).path }
      try Folder.make(path("data"))
      try WholeFile.write("old", to: path("data/file"))
      chmod(path("data/file"), 0o640)
      symlink("data/file", path("link"))
      symlink(path("link"), path("chain"))
      symlink("data/fresh", path("dangling"))
      try WholeFile.write("new", to: path("chain"))
      try WholeFile.write("fresh", to: path("dangling"))
      #expect(try text(path("data/file")) == "new" && text(path("data/fresh")) == "fresh")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["chain", "dangling", "data", "link"])
      var status = stat()
      #expect(lstat(path("link"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(stat(path("data/file"), &status) == 0 && status.st_mode & 0o777 == 0o640)
      symlink("round", path("round"))
      #expect(throws: FileError.self) { try WholeFile.write("x", to: path("round")) }
      #expect(FilePlace.isSame(path("chain"), path("data/file")))
      #expect(FilePlace.isSame(path("data/../none"), path("none")))
      #expect(!FilePlace.isSame(path("chain"), path("dangling")))
    }
  }

  @Test("a pipe is written into and stays a pipe", arguments: [false, true])
  func pipe(isStream: Bool) throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(path, 0o600) == 0)
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      if isStream {
        let file = try OutputFile(creating: path)
        try file.write(Array("whole".utf8))
        try file.synchronize()
      } else {
        try WholeFile.write("whole", to: path)
      }
      var bytes = [UInt8](repeating: 0, count: 10)
      #expect(read(reader, &bytes, 10) == 5 && bytes.starts(with: "whole".utf8))
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test("a full disk leaves the file that was there, and a sentence")
  func full() throws {
    try withTemporaryDirectory { folder in
      let link = folder.appendingPathComponent("full").path
      symlink("/dev/full", link)
      let error = #expect(throws: FileError.self) { try WholeFile.write("x", to: link) }
      #expect(error?.description.contains("found a full disk; make room") == true)
      let path = folder.appendingPathComponent("file").path
      try WholeFile.write("old", to: path)
      #expect(throws: FileError.self) {
        try WholeFile.write(to: path) { draft throws(FileError) in
          try draft.write(Array("half".utf8))
          throw FileError(path, code: ENOSPC)
        }
      }
      #expect(try text(path) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }
  }

  @Test(
    "a place that cannot be is named with what to do",
    arguments: [
      ("none/file", "found no folder "), ("file/below", "found a path that goes through a file"),
      ("folder", "found a folder"), (String(repeating: "n", count: 300), "a name that is too long"),
    ])
  func places(name: String, words: String) throws {
    try withTemporaryDirectory { folder in
      try WholeFile.write("x", to: folder.appendingPathComponent("file").path)
      try Folder.make(folder.appendingPathComponent("folder").path)
      let path = folder.appendingPathComponent(name).path
      for write in [{ try WholeFile.write("x", to: path) }, { try FilePlace.check(path) }] {
        let error = #expect(throws: FileError.self) { try write() }
        #expect(error?.description.hasPrefix("\(path): ") == true)
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
      }
      let long = folder.appendingPathComponent(String(repeating: "n", count: 250)).path
      try WholeFile.write("x", to: long)
      #expect(try text(long) == "x")
      #expect(throws: FileError.self) {
        try Folder.make(folder.appendingPathComponent("file").path)
      }
      try Folder.make(folder.appendingPathComponent("a/b/c").path)
      try Folder.make(folder.appendingPathComponent("a/b/c").path)
    }
  }

  @Test("drafts of dead writers are removed by the next one, those of living ones are not")
  func drafts() throws {
    try withTemporaryDirectory { folder in
      let path = { (name: String) in folder.appendingPathComponent(name).path }
      for name in [
        ".file.17.partial", ".file.17.3.partial", ".file.b.17.partial", ".other.1.partial",
      ] {
        try Data("half".utf8).write(to: URL(fileURLWithPath: path(name)))
      }
      let living = try OutputFile(new: path(".file.1.0.partial"))
      try WholeFile.write("whole", to: path("file"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == [".file.1.0.partial", ".file.b.17.partial", ".other.1.partial", "file"])
      try living.close()
    }
  }

  @Test("a file that is written has one writer, and goes on where it ended")
  func streams() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("file").path
      do {
        let first = try OutputFile(creating: path)
        try first.write(Array("one two".utf8))
        for open in [{ try OutputFile(creating: path) }, { try OutputFile(resuming: path) }] {
          let error = #expect(throws: FileError.self) { _ = try open() }
          #expect(error?.description.contains("another process that is writing it") == true)
        }
        #expect(first.byteCount == 7)
      }
      let second = try OutputFile(resuming: path, byteCount: 4)
      try second.write(Array("three".utf8))
      #expect(try text(path) == "one three" && second.byteCount == 9)
      try second.close()
      #expect(throws: FileError.self) { try OutputFile(resuming: path, byteCount: 10) }
      #expect(throws: FileError.self) { try OutputFile(resuming: path + "2") }
      #expect(throws: FileError.self) { try OutputFile(new: path) }
      _ = try OutputFile(creating: path)
      #expect(try text(path).isEmpty)
    }
  }

  @Test("a lock is held once, and what a killed process has left holds nothing")
  func locks() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("lock").path
      try Data().write(to: URL(fileURLWithPath: path))
      do {
        let lock = try FileLock(path)
        #expect(lock != nil)
        #expect(try FileLock(path) == nil)
        withExtendedLifetime(lock) {}
      }
      #expect(!FileManager.default.fileExists(atPath: path))
      #expect(try FileLock(path) != nil)
    }
  }
}
