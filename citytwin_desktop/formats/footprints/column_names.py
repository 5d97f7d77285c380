"""Names that attributes of building outlines have in public data, by the column of ours that they fill.

Without capitals and accents; underlines only mark where a Shapefile may have cut the name off at ten characters.
The first name that a table has counts, so the exact ones stand before the loose.
"""

NAMES: dict[str, tuple[str, ...]] = {
    "height_m": (
        # CityGML, PLATEAU, CEA, OSM, Overture, EUBUCCO, FEMA, URBANopt
        "measured_height", "building_height", "bldg_height", "height_ag", "height", "heights", "height_m",
        "bldgheight", "hgt", "hght", "maximum_roof_height", "max_height", "height_max", "heightmax", "height_mean",
        "mean_height", "height_median", "avg_height", "average_height", "median_height", "h_mean", "hmean", "h_avg",
        "h_max", "h_median", "hgt_median", "hgt_mean", "hgt_max", "heightroof", "height_roof", "roof_height",
        "eave_height", "rel_h2", "relh2", "rel_hmax", "relhmax", "est_height", "predicted_height", "bld_h", "bldg_h",
        "b_height", "bheight", "elev_diff",
        # German, French, Italian, Spanish, Portuguese, Dutch, Nordic, Polish, Czech
        "gebaeudehoehe", "gebhoehe", "geb_hoehe", "hoehe", "objekthoehe", "gesamthoehe", "hoehe_mean",
        "hausumring_hoehe", "traufhoehe", "hauteur", "hauteur_m", "haut", "haut_moy", "hauteur_moy", "haut_max",
        "altezza", "alt_edif", "altezza_m", "alt_gronda", "un_vol_av", "altura", "altura_m", "hoogte", "gebouwhoogte",
        "pand_hoogte", "hojd", "byggnadshojd", "hoyde", "hoejde", "korkeus", "wysokosc", "vyska", "h",
    ),
    "storeys": (
        "storeys_above_ground", "number_of_stories_above_ground", "number_of_floors_above_ground", "floors_ag",
        "building_levels", "levels", "storeys", "stories", "storey", "storeys_count", "storey_count", "story_count",
        "no_stories", "num_stories", "numstories", "nstories", "number_of_stories", "number_of_storeys", "num_floors",
        "numfloors", "nfloors", "n_floors", "no_floors", "number_of_floors", "number_floors", "nombre_d_etages",
        "nombre_etages", "floors", "floor_count",
        "floorcount", "bldg_floors", "above_ground_floors", "geschosse", "geschosszahl", "anzahl_geschosse",
        "vollgeschosse", "anzahl_der_oberirdischen_geschosse", "aog", "gastw", "geschossza", "nb_etages", "nb_etage",
        "nbr_etages", "nb_niveaux", "etages", "etage_hors_sol", "etage_hors", "num_piani", "n_piani", "numero_piani",
        "piani", "piani_ft", "numero_plantas", "num_plantas", "plantas", "n_plantas", "b3_bouwlagen", "bouwlagen",
        "aantal_bouwlagen", "verdiepingen", "antal_etager", "byg054antaletager", "antall_etasjer", "etasjer",
        "vaningar", "antal_vaningar", "kerrosluku", "kerrosten_lukumaara", "liczba_kondygnacji", "kondygnacj",
        "pocet_podlazi", "pocet_nadzemnich_podlazi", "pisos", "num_pisos",
    ),
    "year_built": (
        "year_of_construction", "date_of_construction", "construction_year", "constructionyear", "year_constructed",
        "year_built", "yearbuilt", "yr_built", "yrbuilt", "built_year", "year_build", "build_year", "yearblt",
        "cnstrct_yr", "const_year", "constr_year", "yoc", "date_of_construction_beginning", "start_date", "year",
        "construction_date", "construction", "constructio", "built", "baujahr", "bau_jahr", "gebaeudebaujahr", "gbauj",
        "bj", "annee_construction", "annee_cons", "annee_const", "annee_de_construction", "annee", "date_construction",
        "date_app", "date_d_apparition",
        "anno_costruzione", "anno_costr", "anno_cos", "anno", "epoca", "ano_construccion",
        "anyo_construccion", "anio_const", "ano_const", "oorspronkelijk_bouwjaar", "oorspronkelijkbouwjaar",
        "bouwjaar", "opforelsesaar", "byg026opforelsesar", "byggear", "byggar", "byggeaar", "rakennusvuosi",
        "valmistumisvuosi", "rok_budowy", "rok_vystavby", "rok_dokonceni", "vintage", "age",
    ),
    "function": (
        "building_function", "function", "funktion", "gebaeudefunktion", "gebaeudefk", "gfk", "building_use",
        "buildinguse", "bldg_use", "primary_use", "main_use", "use_type", "usetype", "usage_type", "use_1", "use1",
        "current_use", "use", "usage", "usage1", "usage_1", "building_type", "buildingtype", "bldg_type", "bldgtype",
        "bld_type", "btype", "property_type", "prim_occ", "occ_class", "occupancy", "occupancy_type", "category",
        "class", "subtype", "building", "nutzung", "hauptnutzung", "gebaeudenutzung", "gebaeudeart", "gebaeudetyp",
        "gklas", "gkat", "funktion_bezeichnung", "bezgfk", "bez_gfk", "fonction", "affectation", "libelle_utilisation",
        "libelle_ut", "code_utilisation", "nature", "destinazione_uso", "destinazione", "dest_uso", "funzione",
        "edifc_uso", "uso", "uso_principal", "currentuse", "gebruiksdoel", "gebruiksdo", "gebruik", "anvendelse",
        "byg021bygningensanvendelse", "andamal", "kayttotarkoitus", "funkcja", "funkcja_ogolna_budynku",
        "zpusob_vyuziti", "archetype", "type", "typ", "tipo", "tipologia",
    ),
    "name": (
        "name", "building_name", "bldg_name", "buildingname", "bldgname", "gebaeudename", "bezeichnung", "nam", "nom",
        "toponyme", "nome", "nombre", "naam", "navn", "namn", "nimi", "nazwa", "nazev", "label", "title",
    ),
    "id": (
        "building_id", "buildingid", "bldg_id", "bldgid", "bld_id", "bid", "gebaeude_id", "geb_id", "gebid",
        "id_batiment", "batiment_id", "id_edificio", "cod_edificio", "pand_id", "pandid", "identificatie", "egid",
        "oi", "gml_id", "gmlid", "localid", "local_id", "inspireid_localid", "uprn", "toid", "bin", "build_id", "ubid",
        "osm_id", "osm_way_id", "osmid", "cleabs", "cadastral_reference", "reference", "refcat", "global_id",
        "globalid", "uuid", "guid", "uid", "unique_id", "fid_1", "feature_id", "id", "_id", "identifier", "objectid",
        "object_id", "oid", "ogc_fid", "gid",
    ),
    "ground_elevation_m": (
        "ground_elevation", "groundelev", "ground_elev", "ground_height", "ground_level", "ground_z", "z_ground",
        "base_elevation", "base_elev", "base_height_amsl", "abs_hmin", "abshmin", "surface_elevation",
        "elevation_ground", "gelaendehoehe", "gelaende", "gelaendepunkt", "gelaendeho", "bodenhoehe", "hoehe_boden",
        "dhm_hoehe", "z_min_sol", "altitude_minimale_sol",
        "altitude_maximale_sol", "alti_sol", "z_sol", "quota_piede", "quota_terra", "quota_suolo", "cota_base",
        "cota_terreno", "b3_h_maaiveld", "h_maaiveld", "maaiveld", "hoogte_maaiveld", "z_base", "dtm", "dem",
        "elevation", "z_min", "zmin",
    ),
    "top_elevation_m": (
        "roof_elevation", "top_elevation", "abs_h2", "absh2", "abs_hmax", "abshmax", "z_roof", "roof_z", "dach_max",
        "firsthoehe", "hoehe_dach", "z_min_toit", "z_max_toit",
        "altitude_minimale_toit", "altitude_maximale_toit", "quota_gronda", "quota_colmo", "cota_coronacion",
        "b3_h_70p", "b3_h_dak_70p", "b3_h_50p", "b3_h_dak_50p", "h_dak_70p", "h_dak_50p", "h_dak", "dsm", "z_top",
        "z_max", "zmax",
    ),
    "base_height_m": ("min_height", "minheight", "building_min_height", "base_height"),
    "surface_type": (
        "surface_type", "surfacetype", "surface_kind", "boundary_surface", "boundarysurface", "thematic_surface",
        "objectclass", "objectclass_name", "semantics", "surf_type", "face_type", "element_type", "citygml_type",
        "flaechentyp", "flaechenart", "objektart", "bauteil", "kind", "class", "type", "layer",
    ),
}  # fmt: skip
"""The columns that only the import knows: ``ground_elevation_m`` (above the datum), ``top_elevation_m`` (of the roof,
above the datum), ``base_height_m`` (of the underside above the ground), ``surface_type`` (where rows are surfaces)."""

BUILDING_ID_NAMES = frozenset(NAMES["id"][:15]) | {"parent_id", "building", "house_id", "obj_parent", "building_fid"}
"""Names that say that several rows may be one building."""

PARENT_ID_NAMES = (
    *NAMES["id"][:15], "parent_id", "parentid", "building_fid", "building_gml_id", "cityobject_id", "root_id",
    "building_root_id", "gmlid_root", "parent_gmlid", "house_id", "egid", "gml_id", "gmlid", "uuid", "building",
    "bldg", "name", "id",
)  # fmt: skip
"""Where rows are surfaces: what may name the building that they belong to."""

FEET_NAMES = frozenset({"maximum_roof_height", "surface_elevation"})
"""Names of the URBANopt GeoJSON schema (building_properties.json), which counts in feet."""

NEW_YORK_MARKS = frozenset({"bin", "doitt_id", "base_bbl", "mappluto_bbl", "mpluto_bbl", "lststatype"})
"""A table with two of these and one of the next is New York City's “Building Footprints”, whose heights are in feet."""

NEW_YORK_FEET = frozenset({"heightroof", "height_roof", "groundelev", "ground_elevation"})

BD_TOPO_MARKS = frozenset({"cleabs", "hauteur"})
"""A table with both is IGN's BD TOPO from version 3.0 on: its outlines lie at the height of the gutter, and HAUTEUR is
measured from the ground to the highest corner of the outline (“Descriptif de contenu”, class Bâtiment)."""

CHANGING_NAMES = frozenset({
    "fid", "objectid", "object_id", "oid", "ogc_fid", "gid", "globalid", "global_id", "uuid", "guid", "area",
    "shape_area", "shape_length", "shape_leng", "st_area", "st_length", "perimeter", "length", "geom_area",
    "shapearea", "shapelen", "st_area_shape", "st_length_shape", "area_m2", "footprint_area", "part", "part_id",
    "teil", "index", "row",
})  # fmt: skip
"""Attributes that differ between the rows of one building without saying anything about it."""
