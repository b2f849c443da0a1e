# Writes OUTPUT: a C++ file with the text of each header of HEADERS (names below FOLDER, separated by commas), for NVRTC.
string(REPLACE "," ";" names "${HEADERS}")
set(rows "")
foreach(name ${names})
  file(READ "${FOLDER}/${name}" text)
  string(APPEND rows "    {\"${name}\", R\"FL_TEXT(${text})FL_TEXT\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "#include \"cuda/specialised/headers.hpp\"

namespace framelane::cuda {

const std::vector<SourceHeader>& embeddedHeaders() {
  static const std::vector<SourceHeader>& headers = *new std::vector<SourceHeader>{
${rows}  };
  return headers;
}

}  // namespace framelane::cuda
")
