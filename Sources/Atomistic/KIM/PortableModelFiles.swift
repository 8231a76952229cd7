/// The files beside the parameter files of a portable model, which put these into a shared library.
///
/// The KIM API finds an item by the name of its folder, and in there by `libkim-api-portable-model.so` with
/// the variable `kim_shared_library_schema`, whose layout is that of KIM_SharedLibrarySchema.hpp,
/// version 2.
enum PortableModelFiles {
  private static let parameterFiles = [TrainedModel.fileName, PortableModel.Options.fileName]

  /// The source of the shared library: data, and no function.
  static func source(name: String) -> String {
    """
    /* The model \(name) for the KIM API: its files inside a shared library, after
     * KIM_SharedLibrarySchema.hpp, version 2. install.sh says how to compile it. */
    #include <stddef.h>

    #define EMBED(symbol, file) \\
      __asm__(".section .rodata\\n.balign 16\\n" #symbol ":\\n.incbin \\"" file "\\"\\n.previous\\n"); \\
      extern unsigned char const symbol[] __attribute__((visibility("hidden")))

    EMBED(model_weights, "\(TrainedModel.fileName)");
    EMBED(model_options, "\(PortableModel.Options.fileName)");

    struct file { char const *name; unsigned int length; unsigned char const *content; };

    static struct file const files[] = {
      {"\(TrainedModel.fileName)", WEIGHTS_LENGTH, model_weights},
      {"\(PortableModel.Options.fileName)", OPTIONS_LENGTH, model_options},
    };

    enum { portable_model = 1, language_c = 1 };

    int kim_shared_library_schema_version = 2;

    struct {
      int item_type;
      char const *item_name;
      int language;
      void (*create)(void);
      char const *driver_name;
      void const *simulator_model_file;
      int parameter_file_count;
      struct file const *parameter_files;
      int metadata_file_count;
      struct file const *metadata_files;
    } kim_shared_library_schema = {
      portable_model, "\(name)", language_c, NULL, DRIVER, NULL, 2, files, 0, NULL,
    };

    """
  }

  /// The script that compiles the source and places the library.
  static func script(name: String) -> String {
    """
    #!/bin/sh
    # Puts the model \(name) into a collection of the KIM API. Needs a C compiler, but no CMake.
    # Usage: sh install.sh [FOLDER [DRIVER]]
    #   FOLDER   the folder of portable models, by default $KIM_API_PORTABLE_MODELS_DIR or the user's
    #   DRIVER   the model driver, by default \(PortableModel.driver)
    set -eu
    cd "$(dirname "$0")"
    folder=${1:-${KIM_API_PORTABLE_MODELS_DIR:-}}
    driver=${2:-\(PortableModel.driver)}
    if [ -z "$folder" ]; then
      libexec=$(pkg-config --variable=libexecdir libkim-api 2>/dev/null || echo /usr/libexec)
      folder=$("$libexec/kim-api/kim-api-collections-info" config_file portable_models | head -n 1)
    fi
    folder=${folder%%:*}
    compiler=${CC:-$(command -v cc || command -v gcc || command -v clang || true)}
    if [ -z "$compiler" ]; then
      echo "install: there is no C compiler; name one in CC" >&2
      exit 1
    fi
    mkdir -p "$folder/\(name)"
    "$compiler" -shared -fPIC -DDRIVER="\\"$driver\\"" \\
      -DWEIGHTS_LENGTH="$(wc -c <\(TrainedModel.fileName))" \\
      -DOPTIONS_LENGTH="$(wc -c <\(PortableModel.Options.fileName))" \\
      -o "$folder/\(name)/libkim-api-portable-model.so" model.c
    echo "installed $folder/\(name), a model of the driver $driver"

    """
  }

  /// The project that `kim-api-collections-management install` configures.
  static func project(name: String) -> String {
    """
    cmake_minimum_required(VERSION 3.10)
    list(APPEND CMAKE_PREFIX_PATH $ENV{KIM_API_CMAKE_PREFIX_DIR})
    find_package(KIM-API-ITEMS 2.2 REQUIRED CONFIG)
    kim_api_items_setup_before_project(ITEM_TYPE "portableModel")
    project(\(name))
    kim_api_items_setup_after_project(ITEM_TYPE "portableModel")
    add_kim_api_model_library(
      NAME            ${PROJECT_NAME}
      DRIVER_NAME     "\(PortableModel.driver)"
      PARAMETER_FILES \(parameterFiles.map { "\"\($0)\"" }.joined(separator: " "))
      )

    """
  }
}
