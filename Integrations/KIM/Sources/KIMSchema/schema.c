/* The two variables that the KIM API looks up in a driver's shared library.
 *
 * They are in C since Swift gives C names to functions, but not to variables. The layout is that of
 * KIM_SharedLibrarySchema.hpp, version 2. */
#include "KIMSchema.h"
#include <kim-api/KIM_CollectionItemType.h>
#include <stddef.h>

int kim_shared_library_schema_version = 2;

struct {
  KIM_CollectionItemType itemType;
  char const *itemName;
  KIM_LanguageName language;
  KIM_Function *create;
  char const *driverName;
  void const *simulatorModelFile;
  int parameterFileCount;
  void const *parameterFiles;
  int metadataFileCount;
  void const *metadataFiles;
} kim_shared_library_schema;

/* The values of KIM's constants are known when its library is loaded. */
__attribute__((constructor)) static void fill(void) {
  kim_shared_library_schema.itemType = KIM_COLLECTION_ITEM_TYPE_modelDriver;
  kim_shared_library_schema.itemName = atomflow_kim_driver_name();
  kim_shared_library_schema.language = KIM_LANGUAGE_NAME_c;
  kim_shared_library_schema.create = (KIM_Function *)atomflow_kim_create;
}
