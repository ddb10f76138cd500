from folkmoot.cli import main

main()
