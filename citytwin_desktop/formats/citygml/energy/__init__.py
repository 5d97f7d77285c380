"""The Energy ADE 0.8, 1.0 and kin: what buildings are made of and how they are used (doi:10.1186/s40965-018-0042-y)."""
