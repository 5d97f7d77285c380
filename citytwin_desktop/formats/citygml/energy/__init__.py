"""The Energy ADE 0.8, 1.0 and later (Agugiaro et al. 2018, doi:10.1186/s40965-018-0042-y): what buildings are made of."""
