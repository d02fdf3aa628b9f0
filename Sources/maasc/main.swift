print("maasc")
